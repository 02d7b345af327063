"""Phrases around a number that tell of something instead of wishing for it: regular expressions, no state."""

import re

from bots.parsing.masks import COUNT, KEPT, OFFER
from bots.parsing.numerals import CHINESE

# Any of these may stand for the unit of an offer; "把", "张" and "串" count other things unless an offer is sold so.
USUAL_UNITS = frozenset("份盒个只箱袋斤件单包提桶套瓶罐筐捆") | {""}
# An amount ordered earlier, or judged: what is wished now stands in another clause.
AMOUNT_BEFORE = re.compile(
    rf"上次|上回|之前|原来|原先|本来|先前|刚才|刚刚|{COUNT}(?:好像|也|有点|是|就|还)?(?:太多|太少|多了|少了|不够|不要那么多|不变|照旧|照常|不动|保留)"
    r"|[报写点订定]多|[报写点订定]少"
)
# Opens a clause on an amount that no longer holds, even with a verb of wishing: "本来要5斤的".
NO_LONGER = re.compile(r"^(?:我|我家|团长)*(?:本来|原来|原先|之前|先前)")
# With "+1" these second an opinion.
AGREES = re.compile(
    r"同意|支持|赞|附议|觉得|认同|同感|有道理|确实|没错|说得对|说的|太对|同求|同问|同款|想问"
    r"|也是|这么想|求|恭喜|祝|(?:^|[ ,。])顶"
)
# Of a recipe, or of another trade than the campaign.
OTHER_BUSINESS = re.compile(
    r"做法|配方|食谱|菜谱|教程|步骤|比例|适量|少许|一勺|两勺|转让|闲置|求购|招租|出租|招聘|拼车|代驾"
)
# Somebody has still to be asked.
UNDECIDED = re.compile(
    r"我再?(?:问问|想想|考虑|看看再|商量商量)|再(?:问问|想想|考虑|商量|确认)|考虑考虑|[没还未]定下来|还没想好|我问一?下"
)
# What a message about shopping elsewhere or winning something opens with.
STORY = re.compile(r"花了|捡到|抢到|中了|赢了|考了|买菜|路过")
_ELSEWHERE = (
    r"菜场|菜市场|超市|市场|网上|店里|盒马|京东|淘宝|拼多多|山姆|老家|乡下|单位|公司|食堂|饭店|餐厅|别处|外面|楼下店"
)
_HOUSEHOLD = (
    "笔|书|票|猫|狗|鸟|花|衣|裤|鞋|球|玩具|口罩|快递|包裹|行李|手机|钥匙|药|烟|可乐|矿泉水|红包|水龙头|电池|灯|碗|盘"
    "|杯子|伞|帽|袜|纸"
)
_USED = r"(?:(?<!一)打|煮|蒸|炒|炖|切|(?<!想)吃|喝|敲|煎|炸|剥|腌|搅|放|用)"
TELLS = re.compile(
    r"可能|也许|或许|应该|好像|估计|不确定|上次|上回|昨天|前天|昨晚|上周|上个?月|去年|以前|听说|据说"
    r"|说(?:是|想|可能|应该)*[要来买订接拿定]|别人|人家|有人|他们"
    r"|她们|好吃|难吃|看到"
    r"|起[送订批]|至少|最少|最多|大概|大约|左右|差不多|抢光|已经|达到|太少|太多|的钱|起(?=$|[ ,。!\n])"
    rf"|(?:买|订|定|接|下单|拿|取|领|付|要|团|报|抢)(?:过|了|到|完)(?:这|那)?{COUNT}|(?:取|领|提){COUNT}"
    rf"|把 ?{COUNT}|^{COUNT}+(?:已|我[来去]?[拿取领])|要[炒煮蒸炖烤煎泡腌][^,。]{{0,3}}{KEPT}"
    rf"|[那这] ?{COUNT}|^{COUNT}的(?:$|钱)|我的? ?{COUNT}[^,。]{{0,6}}[拿取放留等]|[来去过][取领]{COUNT}"
    rf"|[来去]拿{COUNT}.*了$|(?:买|订|定|接|要|付)过"
)
ANNOUNCES = re.compile(
    rf"^{COUNT}+的?{OFFER}+ ?[\d{CHINESE}]|"
    rf"(?:{_ELSEWHERE})[^,。]{{0,6}}[买发卖团抢领][了的到]?{COUNT}|给[了的]{COUNT}|(?:送|寄|捎|发|背|扛|带|提)(?:了|的|来了?|过来|给了?)(?:我们家|我家|我们|我|俺)?{COUNT}"
    rf"|(?:邻居|朋友|同事|同学|亲戚|[他她]们?|人家|别人|隔壁|对门)[^,。]{{0,8}}[买吃订团抢拿]了{COUNT}"
    rf"|(?:{_ELSEWHERE}|店)[^,。]{{0,8}}{COUNT}[^,。]{{0,3}}(?:{KEPT}|\d)|(?:家里?|冰箱里?|手里|单位)还有{COUNT}"
    rf"|^[^{COUNT}]*{_USED}[了上入进掉个]?[{OFFER}]*{COUNT}|一口气|{COUNT}[^,。]{{0,4}}=|{COUNT}(?:{_HOUSEHOLD})|^(?:目前|现在){COUNT}|已经?[接订报团]了?{COUNT}"
    rf"|{COUNT}{OFFER}*(?:都|全|已经?)?[送寄捎搬背][^,。]{{0,6}}(?<![行好])了$|{COUNT}(?:已经?|都|也)[取领拿提]|的钱[^,。]{{0,4}}[转发]|[能够][吃喝用][{KEPT}一好几]"
    r"|还差|还送|赠|还剩|只剩|仅剩|剩下|(?:才|就|能|可以|即可|就能|就可)[^,。]{0,3}(?:成团|发货|包邮|截|开团|送货|配送)"
    r"|包邮|买[^,。!?\n]{1,4}送|第.{1,2}[份件]半价|\d折|满\d|限购|库存|名额|倒计时|去[拿取接领买]|中奖|中了|支持|赞同"
    r"|同意|附议|点赞|好评|举手|限重|超重|[炒煮蒸炖烤煎][^,。]{0,6}要|做[^,。]{0,4}要|每[天人次日月年]|一[天顿]"
    rf"|[一每]人 ?{COUNT}|请(?:大家|各位)?(?:接龙|扣|回复|打|报名) ?{COUNT}"
    rf"|(?<!我)(?:来|去|要|参加|同意|支持|赞成|报名|兴趣|[想要来去][^,。 {OFFER}]{{1,4}})的"
    rf"(?:请|可以|就|都|人|邻居|朋友|家人|姐妹|[ ,])*(?:接龙|扣|回复?|打|举手|报名)* ?{COUNT}"
    r"|吃[了完]|不够[吃用]|(?:已|都)?(?:收到|拿到|取到|取走|领到"
    r"|拿走|领走)|谁"
)
