"""Each invariant as operators read it: what it is called, and what it means when it does not hold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Told:
    """A rule in Chinese: its `title`, and one sentence on a `breach` of it and what it touches."""

    title: str
    breach: str


TOLD = {
    "1 held + sold + free = quota": Told("占用、已售与余量之和等于限量", "库存数错，可能超卖，也可能还有货却卖不出。"),
    "1 per-person limits": Told("每人不超过限购", "有人买的比限购多，或记的件数与订单不符。"),
    "1 takings are never forgotten": Told("每次占货都记着", "占货次数与订单行数不符，抢购时的库存不可信。"),
    "2 every entry sums to zero": Told("每笔分录借贷相等", "账不平：有一笔分录多记或少记了钱。"),
    "2 every entry has two legs": Told("每笔分录至少两条", "有一笔分录只写了一半。"),
    "3 escrow holds exactly what is neither refunded nor handed over": Told(
        "保管款等于未退也未交付的钱", "有订单的钱多留或少留在保管款里，退款与收入会跟着错。"),
    "2 every other account holds what the rows say": Told(
        "各科目余额与单据一致", "某个科目的余额与退款、挂账、提现、班次等单据对不上。"),
    "2 each payee is owed what the rows say": Told(
        "应付每位收款方的钱与单据一致", "某位团长、自提点或商家的应付多了或少了，先不要给他打款。"),
    "2 gateway clearing and its bill hold what the gateway has of ours": Told(
        "通道待对账等于收、退、付之差", "支付通道里应有的钱与付款、退款、打款记录不符。"),
    "2 what the bills did to gateway clearing is told number by number": Told(
        "账单入账逐单可查", "账单改动了通道账，却说不出是哪一单。"),
    "2 what a matched bill shows has left gateway clearing, or has an open case": Told(
        "对上的账单已转出，或有差异在处理", "有一单账单上已了结，我方仍挂着，也没有人在处理。"),
    "2 each row of a matched bill is booked or has a case": Told(
        "账单每一行都已入账或立案", "账单里有一行被漏掉了，请重新取回当天的账单并对账。"),
    "3 a captured fen of an order that is over goes back": Told(
        "已结束的订单不留钱", "订单已取消或过期，却还有买家的钱没有退。"),
    "3 a settled campaign keeps nothing for what failed and was not handed over": Told(
        "未成的商品不留钱", "团已结算，未成团或没交付的商品还有没退的钱。"),
    "3 each captured fen is in an order, a refund or a suspense case": Told(
        "每分实收都有去处", "有一笔到账既不在订单里，也不在退款或挂账里。"),
    "3 nothing is captured by a payment that did not succeed": Told(
        "未成功的付款没有实收", "有一笔没有成功的付款记了收款。"),
    "3 what a payment gives back is the sum of its refunds": Told(
        "付款已退数等于退款之和", "某笔付款的已退数与它的退款单不符，可能多退或少退。"),
    "4 a refund is the sum of its lines": Told("退款等于各行之和", "某张退款单的总数与明细不符。"),
    "4 a line's refunds are what it says": Told("商品行的退款与明细一致", "某一行记的退款与退款明细不符。"),
    "4 units carry their shares of the line's price, to the fen": Told(
        "每件分摊的价钱精确到分", "按件退款或记收入时，有几分钱算错了。"),
    "4 commission is what the rate makes of the line's net, and its parts make the whole": Told(
        "佣金等于净额乘费率", "某一行的佣金或帮卖分成算错，先不要审批这位团长的结算单。"),
    "4 a delivery fee goes back or is earned, never both": Told(
        "配送费要么退要么收", "某一单的配送费退了又记收入，或总额与各行不符。"),
    "4 an order has back what its refunds have paid": Told(
        "订单已退等于到账退款之和", "买家看到的已退金额与实际到账不符。"),
    "6 one refund per payment is in flight": Told(
        "一笔付款同时只有一笔退款在途", "同一笔付款有两笔退款同时提交给网关，可能重复退。"),
    "4 units of a line keep their order": Told(
        "件数依次不超过上一步", "到货、提货或退货的件数超过了订购或确认的件数。"),
    "6 collected units are the sum of their redemptions": Told(
        "已提件数等于各次核销之和", "某一行的已提件数与核销记录不符，可能重复交货。"),
    "2 a counted order that is ready has a code in use, and no other order has": Told(
        "待提货的订单恰有一个可用的码", "有人提不了货，或不该有码的订单还能提货。"),
    "6 what was handed out without the network was redeemed or is a loss case": Told(
        "离线交货都已核销或记损耗", "断网时交出的货有一部分没有着落。"),
    "5 roster numbers are 1..n without gaps": Told("接龙号从 1 起不断号", "某个团的接龙号缺号或重号。"),
    "7 counters agree with the rows": Told("人数、件数与金额的计数一致", "团购页显示的进度与订单不符。"),
    "5 a paid order has a number": Told("已付款的订单有接龙号", "有已付款的订单没有接龙号，或未付款的占了号。"),
    "5 a settled campaign leaves no order behind": Told(
        "结算后的团不留未了的订单", "团已结算，却还有订单停在半路，不会自己往前走。"),
    "2 a statement is the sum of its postings, all its payee's": Told(
        "结算单等于它的明细之和", "某张结算单的金额与明细不符，不要审批它。"),
    "6 a statement is paid once, in full, or not at all": Told(
        "结算单只付一次且付足", "某张结算单重复付款或没有付足，请暂停打款。"),
}  # fmt: skip
"""By the rule's own words; a test holds it to the rules that there are."""
WHAT_TO_DO = "请不要手工改数：暂停相关的打款与退款，把规则、例子和时间交给技术人员，并在资金说明里核对这一单。"
"""The same for every breach."""
