"""Tell a complaint about goods from a broken lift and from "no bad ones, please"."""

import re

from bots.parsing.masks import OFFER, UNIT
from bots.parsing.numerals import CHINESE, NUMBER
from bots.parsing.pieces import rest

_N = rf"(?:{NUMBER}|好?几|一半|半)"
_COUNTED = rf"{_N} ?{UNIT}"
_ONLY = rf"(?:(?<![\d几{CHINESE}])只|才|就)"
_JUST = rf"(?:(?<![\d几{CHINESE}])只|才)"
_NOT_WISHED = r"(?<!不要)(?<!别)(?<!不)(?<!没)(?<!怕)(?<!别给我)(?<!不会)(?<!没有)"
_DAMAGE = (
    (
        r"(?:(?<!吃)(?<!学)(?<!急)(?<!累)(?<!气)(?<!乐)(?<!笑)(?<!撑)(?<!忙)(?<!弄)坏(?:了|的|果|掉|\d|{n})|都坏|全坏|烂|碎"
        r"|(?<!打)(?<!走)(?<!点)破(?:了|损|皮|的)|臭(?!豆腐|皮匠|美|小子|屁|脚)|发霉|长霉|霉[了点斑变]|馊"
        r"|变质|变味|异味|怪味|过期|压[坏扁烂]|磕[坏碰]|(?<![笑热累气冷困饿吓烦忙急馋香美甜想爱挤堵晒])死(?:了"
        r"|的|\d|{n})|不新鲜了?|(?<![包拿走提搬扛跑爬嚼咬推抱拎])不会?动了|生虫|有虫|虫眼|长毛"
        r"|胀[包气袋]|漏(?:了|发|气|油|液|送|拿|给|单|的)|洒了|撒了|流[得出]|化了|蔫|瘪了|干瘪|裂[了开的]|断[了气的]|全断|压成|被压|全是水|氨水?味|半死|软塌|渗[出了]|结块|受潮|一圈黑|粘[成在]?一"
        r"|断[{c}成]|发芽|化冻|霉味|馊味|发黑|黑心|是黑的|变色|掉色|空壳|不熟|夹生|坨)"
    )
    .replace("{n}", rf"[{CHINESE}]")
    .replace("{c}", CHINESE)
)
_MISSING = (
    rf"少发|少给(?!我?放|我?加|我?点)|少送|少装|少拿了|漏发|漏送|漏装|没给我(?!留|买|带)|缺了|缺斤|少秤|付了{_COUNTED}的钱|短斤|短两|少两"
    rf"|分量不[够足]|斤两不|不够秤"
    rf"|不足秤|(?<![\d三])缺\d|(?<![\d三])缺{_COUNTED}"
    rf"|(?<![多至最报说写算订买要定点])少了(?!点)|(?<![减至最多])少(?:\d|[{CHINESE}](?!点|些))(?!{UNIT}[吧哈])|(?:没|未|没有"
    rf"|还没|不)(?:收到|拿到|送到|领到|取到|发给我|给我(?:发|送))"
    rf"|没见(?:到货|着货|着$)|没找到我[的那家]|没抢到(?![^。\n]*[要来]{_COUNTED})|缺货了|多了(?:\d|[{CHINESE}]){{1,3}}{UNIT}"
    rf"|多发了?(?:\d|[{CHINESE}])"
    rf"|多(?:[发送]了?|给了)我?(?:\d|[{CHINESE}])"
    rf"|{_ONLY}(?:(?:收|拿|领|取)(?:到|来|回|了)|[到送给]了)(?:到|来|了|我)*{_COUNTED}|{_JUST}[到送给]我?{_COUNTED}"
    rf"|{_COUNTED}[,， ]?(?:只|才|就)有?(?:收到|拿到|给了|到了)?{_COUNTED}(?![钱一/])(?<!块)"
    rf"|{_COUNTED}里[面头]?有?{_COUNTED}"
    rf"|(?:到手|的){OFFER}*{_JUST}有{_N}[两斤个只颗枚]|{_COUNTED}怎么变|(?:就|只有){_COUNTED}能吃"
    rf"|称了|数来数去|数[^,。\n]{{0,4}}(?:才|只有){_COUNTED}|(?:说好|应该|明明|订的|买的"
    rf"|定的)[^。\n]{{0,12}}(?:才|只[有收到给来])"
    rf"|收到(?:了|的)?[^,。\n]{{0,10}}?{_COUNTED}|收到的?(?:不是|是[坏烂黑])|有问题|出问题|怎么(?:才|就|只有"
    rf"|只给){_COUNTED}"
)
_WRONG = (
    rf"(?:发|拿|送|给|装|配)(?:成|错)|错发|错拿|错送|被人?(?:拿走|拿错|领走|取走)|货不对|不是我[买订定要]的"
    rf"|和图片不|跟图片不|与图片不|实物不|描述不|假货|掉包"
    rf"|(?:给|发|送|拿)的?是[^,。]{{1,8}}[,。 ]+[^,。]{{0,4}}(?:要|订|买|定)的是|(?:要|订|买"
    rf"|定)的是[^,。]{{1,8}}[,。 ]+[^,。]{{0,6}}(?:给|发|送)"
    rf"|(?:发|送|给)的?(?:不是|却是)|{OFFER}[^,。]{{0,3}}(?:变成|弄成|换成)了?{OFFER}了"
)
_DEMAND = (
    r"退我?[^,。]{0,6}的?钱(?!包)|[数份]量不对|份数不对|[没不]法[吃煮用]|(?:一|大)半[^,。]{0,3}[青白烂坏生黑]的|(?<!寒)不能吃(?![\u4e00-\u9fff])|不敢吃|吃坏|有[股]?味道|口感不|没动静"
    r"|空的|根本没有|哪有\d"
    r"|重量不|分量不|没有我的|没我的|怎么(?:这么|全是?|都是?)[^,。]{0,4}[碎烂坏小差少破]|说(?:是"
    r"|好)?[^,。]{0,8}[, ](?:最多|才|只有|其实|结果)|赔|补发|补寄|补送|重发|重新发|再补我|给我补|投诉|售后|差评"
    r"|里面?[全都]是[^,。]{0,2}[肥水冰皮泥虫沙烂]|质量(?:问题|太?差|不行)|退钱|换货"
    r"|换一[份下个只箱盒袋包]|太?坑人|上当|(?:又小又|(?<!甜)不甜|难吃|太差|好差|真差)"
)
_GOODS = re.compile(
    rf"{OFFER}|{UNIT}|[箱盒袋包瓶桶货肉皮壳腿果蛋蟹米油叶根底味水汁籽]|东西|里面|底下|上面|全|都|打开|到手|拿到"
    rf"|收到|昨天到|我[的家]|有的"
)
_DAMAGED = re.compile(_NOT_WISHED + _DAMAGE)
_OTHER = re.compile(rf"{_MISSING}|{_WRONG}|{_DEMAND}")
# Things of the house and street that break without being sold here.
_ELSEWHERE = re.compile(
    r"电梯|钥匙|冰箱|洗衣机|电视|热水器|钱包|手机|屏幕?|门禁|大门|单元门|楼道|路灯|灯泡|灯|水管|下水|马桶|空调|电脑|网络|网|wifi|信号|车"
    r"|轮胎|玻璃|窗|伞|鞋|衣服|裤|裙|杯子|充电"
    r"|脑子|心态|(?<![烂空黑])心|牙|嗓子|腰|肚子|系统|软件|小程序|链接|群|快递|外卖|作业|成绩|股票|基金|工资|天气|物业|保安"
    r"|邻居家|隔壁家|楼上"
)
_HYPOTHESIS = re.compile(r"[包保][赔退换]|赔不赔|如果|要是|万一|假如|会不会|容易|路上|怕|担心|运输|一般")
_ASKS = re.compile(r"\?|吗|[么呢不没伐](?=$|[ ,。!\n])|怎么|不赔|会不会|能不能")
_PRECAUTION = re.compile(r"别|不要|小心|注意|避免|防|怕|不许|不能|勿|不会|没")
_CLAUSE = re.compile(r"[ ,。;!?\n]+")


def is_complaint(text: str) -> bool:
    """True for a complaint about goods in `text`, whose offers are covered."""
    if _HYPOTHESIS.search(text) and _ASKS.search(text) and not re.search(r"收到|打开|昨天|[坏碎烂破死]了?\d", text):
        return False
    found = _OTHER.search(text)
    if found and not _denied(text, found.start()) and not _ELSEWHERE.search(_clause_at(text, found.start())):
        return True
    return any(_damages(text, match) for match in _DAMAGED.finditer(text))


def _damages(text: str, found: re.Match[str]) -> bool:
    clause = _clause_at(text, found.start())
    if _ELSEWHERE.search(clause):
        return False
    # "坏了" alone speaks of the goods; with another subject before it only if goods are named.
    head = clause.split(found[0], 1)[0]
    if _PRECAUTION.search(head):
        return False
    return (
        not rest(head) or bool(_GOODS.search(clause)) or len(head) <= 1 or bool(_GOODS.search(text) and len(head) <= 2)
    )


def _denied(text: str, at: int) -> bool:
    return bool(re.search(r"(?:不要|不用|别|不会|不是)$", text[:at]))


def _clause_at(text: str, at: int) -> str:
    start = max((m.end() for m in _CLAUSE.finditer(text, 0, at)), default=0)
    after = _CLAUSE.search(text, at)
    return text[start : after.start() if after else len(text)]
