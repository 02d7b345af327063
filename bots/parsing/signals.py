"""Words that decide what kind of message this is, before any number in it is believed."""

import re

from bots.parsing.intents import QuestionKind
from bots.parsing.masks import OFFER, UNIT
from bots.parsing.numerals import CHINESE

SAME_AS = re.compile(
    r"(?:我们家|我们|我家|我)?(?:也|都|要|来|和|跟|同|按)*(?:(?:和|跟|同|按)(?:[\u4e00-\u9fff]{1,3}|[\d-]{3,9}"
    r"|[^,。 ]{1,8}?[要订买接点]的|上次|上回"
    r"|昨天|刚才|前面)一样多?|同上|同楼上|一样|照旧|(?:楼上|上面|前面|上一?条"
    r"|隔壁|他|她|大家)(?:那?个?人?|的|家|邻居)*一样)"
    r"(?:的|吧|哈|就行|就好|来一份)*[.。!~]*"
    r"|[照按](?:着|楼上|上面|前面|隔壁|老样子)(?:的|那?[位个家]?的?)?(?:来|要|订)(?:吧|就行|哈)*[.。!~]*"
)

_UNSURE_ANYTHING = r"(?:都(?:行|可以|好|成|没)|随便|无所谓|没(?:什么|啥|怎么))"
# What follows "还是" where somebody makes up their mind instead of asking.
_DECIDED = rf"要|来|不|算|取消|退|改|老|一样|按|那|我|你|他|先|再|很|挺|没|有|得|会|想|买|订|留|给|是|\d|[{CHINESE}]"
ASKING = re.compile(
    rf"\?|吗|嘛(?=\?)|[么呢](?=$|[ ,。!\n~])|(?<![哦噢喔啊呃额哎诶])(?<=[^ ,。!\n])[不没伐否](?=$|[ ,。!?\n])"
    rf"|[不没]有?呀?(?=\?)|多少|多[大重长远久高]"
    rf"|(?<![要来接订加买留拿带好十那这])几(?=[点号时天块元楼栋位口人顿次a-z]|个人|{UNIT})|几[点号]|怎么|咋|什么|啥|哪"
    rf"|谁(?![的家])"
    rf"|为何|为啥|能不能|可不可以|有没有|是不是|要不要|行不行|好不好|会不会"
    rf"|(?P<twice>[\u4e00-\u9fff](?:(?!了)[\u4e00-\u9fff])?)[不没](?=(?P=twice))|还能(?!再?[加来要])|请问|想问|问一?下|求问|是.{{1,8}}还是"
    rf"|(?<=的)还是[^ ,。!?\n]{{1,8}}的(?=$|[ ,。!?\n])|\d(?P<of>[天年月号点层岁])还是\d+(?P=of)|介绍一?下|区别"
    rf"|(?<=[^ ,。!?\n])还是(?!{_DECIDED})[^ ,。!?\n]{{1,5}}$|[接订定下付买报记][了过上]?没有$|[, ][对是]吧$"
)
_NOT_ASKING = re.compile(
    r"随便[^,。?!\n]{1,3}|(?:什么|啥|怎么|哪|谁|几点|多少)[^,。?!\n]{0,6}(?:都|也)|没(?:什么|啥)|不(?:知道|晓得|管"
    r"|论)[^,。?!\n]{0,6}|怎么[^,。?!\n]{0,8}(?:这么|那么)"
    r"|(?:还[有没在剩]|着|挺|正|在(?=[^哪啥什几]{0,8}呢))[^,。?!\n]{0,8}呢"
    r"|(?:那个|就是)什么(?![时价])|什么的(?=$|[ ,。])|那啥(?=[ ,我帮给])"
    r"|[卖才]\d+(?:\.\d+)?[元块]?呢|怎么办呀?(?=哈)|差不多|要不(?=还是)|不对|[要好行]不(?=,)"
)
_KINDS: tuple[tuple[QuestionKind, re.Pattern[str]], ...] = (
    ("price", re.compile(r"多少钱|什么价|啥价|价格|单价|几块|几元|[怎咋]么?卖|便宜|运费|贵")),
    (
        "pickup",
        re.compile(r"到货|提货|取货|自提|[几哪什啥].{0,6}[取拿提领送到]|[取拿提领送].{0,4}[几哪什啥]|到了|(?<!截)到$"),
    ),
    (
        "progress",
        re.compile(r"[差缺](?:几|多少)|(?:多少|几)(?:个?人|份|单|位)了|[接报订团]了(?:多少|几)|人数够|够人数"),
    ),
    ("closing", re.compile(r"截|结束|成团|几点前|到几[点号]|多久")),
    ("open", re.compile(r"还能|还有|还可以|能接|可以接|能不能接|还接|有货|[还]?剩|卖完|开始|有没有|参加|报名")),
)
_TOPIC = re.compile(r"(?P<closing>截[止团单]时间)|(?P<price>价格|单价)|(?:到货|取货|提货|自提)(?:时间|地点|地址|点)")

# What a neighbour who has ordered also asks: when and where to fetch, how to pay.
BESIDE_THE_POINT = re.compile(
    r"付|发票|袋子|冰袋|包装盒|加群|在家|转(?!基因)|微信|支付|收款|钱给|[几啥什哪].{0,6}(?:[取拿提领送到]|发货|下来|下楼)|(?:[取拿提领送到]"
    r"|发货).{0,4}[几哪什啥]|什么时候|啥时候|几[点号]|哪天|哪[里儿]|到货|地址|多久|可以放|能放|送上?[门楼]|谁[来去]"
)
PRICED = re.compile(r"多少(?:钱)?|几[块元]|总价")
DECIDES = re.compile(
    r"还有|有没有|有货|还能|来得及|还接|剩|够不够|够吗|几两|多重|多大|公的|母的|品种|产地|几个|多少|活|截|新鲜|甜|好吃|活的|便宜|优惠|贵|保质|能不能|是不是"
)
IF = re.compile(
    r"(?:太贵|贵了)[^。!?\n]{0,8}我|便宜[点些]|优惠[点些]|打折|抹零|如果|要是|假如|假使|万一|(?:有|行|能|可以"
    r"|新鲜|便宜|好|够|成团"
    r"|甜|大|满|合适|来得及|方便)(?:[^,。!?\n]{0,4})的话|能便宜|便宜点就|(?:^|[,。 \n])[取提]货(?:$|[,。 \n])"
    r"|到了?(?:门口|楼下)了?[,。 ]|成团(?:了|就|再)|(?:有|够"
    r"|满)[^,。!?\n]{0,6}(?:就|再)来|能[^,。!?\n]{1,8}就(?:来|要|拿|订|买)"
)
# A condition of how to deliver, behind the order, is a note: "两袋，送上楼行的话更好".
_DELIVERED = re.compile(r"[送放寄拿取提搬]|楼|门|在家|电话|方便|包装|袋子")
COULD = re.compile(
    r"(?:请问|那|我|团长|老板|亲|你好|您好|[ ,])*(?:可以|能不能|可不可以|能否|可否|能"
    r"|方便|还能|还可以|现在还能|现在还可以)(?P<wish>[^,。!?\n]+?)(?:吗|么|不|嘛|伐)?\??"
)
ALSO_ME = re.compile(
    r"(?:也|再)?(?:算上?|加上?|带上?|捎上?)(?:我|俺)们?(?:家|一家)?(?:一?[个份单])?[吧啊呀哈呗哦啦了]*[。!~]*"
)
HOPES = re.compile(r"(?:好|行|可以|成|ok)(?:吗|不|么|伐|嘛|不可以|不行|不好)\??$|(?:好|行)不(?:好|行)\??$")

_OFF = "[了啦咯喽罗]"
CANCEL = re.compile(
    rf"取[消肖销]|不(?:想)?(?:要|买|接|订|定)(?:我的|那个?|这个?)?{OFFER}+{_OFF}|(?:都|全)?不(?:想)?要{_OFF}"
    rf"|(?:都|全|先|就|这次)不(?:想)?要(?=吧|$|[ ,。!])|不(?:买|接|订|定|团|跟"
    rf"|拼|参加|下单|参团|跟团){_OFF}|撤一?下?单|撤一?下(?=$|[,。! ])|撤销|撤回|撤掉|撤{_OFF}|撤吧"
    rf"|退单|退团|退出(?!群|登|微|来)|全退|全部退|[都全]退|(?<={OFFER})退[了掉]|退[了掉](?=吧?(?:$|[,。! ]))|划掉|删掉"
    rf"|删{_OFF}|作废|(?:别|不用)[给帮替]我们?[订定买接记登报留拿带]+[了吧哈]*(?=$|[ ,。!])"
)
# "有人取消了", "隔壁退团了" tell of others.
OTHERS_CANCEL = re.compile(
    r"(?:有人|别人|人家|谁|他们|她们|好多人|大家|看到[^,。]{0,6})(?:都|也|又|说|刚|就)*(?:取消|退团|退了|不要|不接)"
)
WHOLE = re.compile(r"[全都]|订单|我的|我那|我这|那[份单]|一单|跟团|报名")
NEGATED_CANCEL = re.compile(
    r"(?:不要|不用|不想|没有|别|不|没|勿)(?:再|给我|把|急着|着急)?(?:我的?|的|订单)*取消|取消不|(?:已|被)取消"
    r"|(?:别|不要|不用|没)(?:给我|把我的?|再)?(?:退单|退团|撤单|撤掉|划掉|删掉|作废)|没(?:说)?(?:不要|要取消)"
    r"|不是(?:不要|要?取消)|(?<!钱)(?<!款)(?:别|不用|不要|先不|不)退(?!了款)(?=$|[ ,。!了啊哈])"
)
NOT_ONE = re.compile(rf"[一1]{UNIT}?[都也](?=不)")
REFUND = re.compile(r"退款|退钱|^(?:我|的|那份|要|想|申请)*退(?:了|掉|吧|$)")
UNWANTED = re.compile(rf"(?>(?:我|我家|我们|的|{OFFER})*)(?:不要|不想要|不接|别给我){OFFER}*+[ 。!,~]*")
KEEPS = re.compile(r"只[留要]|留着|照旧|照常|不变|不动|还要|保留|继续|照样|不用?取消|别取消|要的")
ME_TOO = re.compile(
    r"(?:我们家|我们|我家里?|俺家?|咱家?|我|算我|加我|带我|给我|这个团|这次|那|也|都|想|先|要)*(?:要|接龙|接|跟团"
    r"|跟|报个名|报名|报|参团|参加|加入|拼团|拼|(?:下单|订|定|买|来)(?![了啦])|一个|团)"
    r"(?:一个|一单|一下|这个团|这个|了|吧|啊|哦|呀|啦|哈|的|呗|哟|喔|撒|嘛|上)*(?:谢谢.{0,3}|多谢)?[ 。!~.]*"
    r"|(?:算|加|带)(?:我|俺)(?:一个)?[吧啊呀哈呗]*[。!~]*"
)


def question_kind(text: str) -> QuestionKind | None:
    """What a question is about, or None if the message asks nothing."""
    if found := _TOPIC.fullmatch(text):
        return "closing" if found["closing"] else "price" if found["price"] else "pickup"
    if not asks(text):
        return None
    return next((kind for kind, pattern in _KINDS if pattern.search(text)), "other")


def hinges(masked: str) -> bool:
    """Whether the wish of a masked message hangs on a condition."""
    found = IF.search(masked)
    if not found:
        return False
    start = max(masked.rfind(mark, 0, found.start()) for mark in ",。;! \n") + 1
    clause = re.split(r"[,。;!\n]", masked[start:], maxsplit=1)[0]
    return start == 0 or not _DELIVERED.search(clause) or bool(re.search(UNIT, clause))


def asks(text: str) -> bool:
    """Whether a stretch of a message asks something."""
    return bool(ASKING.search(_NOT_ASKING.sub(" ", text)))
