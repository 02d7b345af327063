"""The Chinese sentences that ask back, one per reason."""

from collections.abc import Iterable

from bots.parsing.intents import Ask, AskKind, Mode, OfferName, Reason

_SENTENCES: dict[Reason, str] = {
    "which_offer": "要哪一样？请这样回复：{example}。本团有：{names}",
    "unknown_offer": "没认出要哪一样。请这样回复：{example}。本团有：{names}",
    "quantity": "要几份？请这样回复：{example}",
    "range": "数量是一个范围，到底要几份？请这样回复：{example}",
    "number": "数量没看懂，要几份？请这样回复：{example}",
    "fraction": "只能按整份订，要几份？请这样回复：{example}",
    "measure": "这里按{units}卖，要几{unit}？请这样回复：{example}",
    "too_many": "一次最多 99 份，真的要这么多请联系团长。要几份？",
    "zero": "不要了吗？不要了请回复：取消",
    "each": "是每样都要这么多吗？请分开写，比如：{example}",
    "several_numbers": "有好几个数量，一共要几份？请这样回复：{example}",
    "repeated_offer": "同一样写了两次，一共要几份？请这样回复：{example}",
    "mixed": "一次只改一种请求：先发要的（{example}），再发不要的（退1份、取消）",
    "swap": "要换成别的吗？请先取消原来的，再这样回复：{example}",
    "negation": "是不要这个吗？不要了请回复“取消”，要的话请这样回复：{example}",
    "cancel": "要取消还是保留？取消请回复“取消”，保留不用回复",
    "refund": "要取消订单请回复“取消”；少退几份请回复“退1份”；收到的货有问题请告诉我“坏了”",
    "same_as": "要什么、几份？请这样回复：{example}",
    "unsure": "这是要下单吗？要的话请这样回复：{example}",
    "too_long": "消息太长了，请只发要的：{example}",
    "no_campaign": "这个群里现在没有正在进行的团",
}


def ask(reason: Reason, offers: Iterable[OfferName], kind: AskKind = "order", mode: Mode = "set") -> Ask:
    """The question for `reason`; it never repeats the person's own words."""
    listed = list(offers)
    names = [offer.name for offer in listed]
    examples = [f"{offer.name}2{offer.unit or '份'}" for offer in listed[:2]]
    example = " ".join(examples) if len(names) > 1 else f"2{listed[0].unit or '份'}" if listed else "2份"
    units = list(dict.fromkeys(offer.unit or "份" for offer in listed)) or ["份"]
    sentence = _SENTENCES[reason].format(
        example=example,
        names="、".join(names[:20]),
        units="、".join(units[:5]),
        unit=units[0] if len(units) == 1 else "份",
    )
    return Ask(reason, sentence, kind, mode)
