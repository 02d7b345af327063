// The mini-program's order pages: the pay sheet that a link opens, and 我的订单.

import { get, post } from "./api.js";
import { el, moment, toast, yuan } from "./dom.js";

const REFUSALS = {
  order_paid: "这一单已经付过了", order_closed: "这一单已经关闭", order_expired: "这一单已经过期",
  openid_mismatch: "不是这个人的付款单", unknown_prepay_id: "没有这张付款单", prepay_expired: "付款单过期了，请重新打开",
  bad_params: "付款参数不完整", bad_pay_sign: "付款参数的签名不对", unknown_person: "先选一个人",
};

// The sheet that is open: {order, person, bill, words, params, refusal, paid?}; it belongs to one person.
let sheet = null;
export const sheetOf = (me) => (sheet?.person === me ? sheet : null);

export const prepayOf = (open) => open?.params?.package.replace("prepay_id=", "");

export async function openSheet(me, order) {
  if (!me) throw new Error("先选一个人");
  sheet = await post("/control/open-order", { person: me, order });
}

export const closeSheet = () => { sheet = null; };

export async function pay(me, wish) {
  const paid = await post("/control/pay", { ...wish, person: me })
    .catch((error) => { throw new Error(REFUSALS[error.message] || error.message); });
  if (wish.params && sheet?.params === wish.params) sheet = { ...sheet, paid };
  toast(`${me} 支付成功 ${yuan(paid.payer_fen)}`);
}

// Where a link of the product leads: {order} to pay, {orders} to the list, null for any other page.
export function destination(href) {
  const { pathname } = new URL(href, location.href);
  const order = pathname.match(/^\/m\/orders\/(\w+)$/);
  if (order) return { order: order[1] };
  return pathname === "/m/orders" ? { orders: true } : null;
}

export function drawSheet(open, act) {
  const { bill, paid } = open;
  return el("section", { className: `sheet cashier ${paid ? "paid" : ""}` },
    el("button", { className: "quiet shut", title: "收起", onclick: () => act(async () => closeSheet()) }, "×"),
    paid && el("p", { className: "done" }, "✓ 支付成功"),
    el("p", {}, bill.campaign_title),
    el("strong", {}, yuan(bill.total_fen)),
    el("dl", {},
      el("dt", {}, "下单人"), el("dd", {}, bill.owner),
      el("dt", {}, "付款人"), el("dd", {}, open.person),
      el("dt", {}, paid ? "单号" : "状态"), el("dd", { className: paid ? "small" : "" }, paid ? paid.out_trade_no : open.words),
      open.params && !paid && el("dt", {}, "时限"), open.params && !paid && el("dd", {}, `${moment(bill.hold_until)} 前`)),
    open.refusal && el("p", { className: "bad" }, open.refusal),
    open.params && !paid && el("button", {
      className: "primary wide", onclick: () => act(() => pay(open.person, { params: open.params })),
    }, "付款"),
    paid && el("p", { className: "small" }, "结果由支付通知告诉商家；退款也原路回到付款人，见「账本」。"));
}

const path = (me, order, move) => `/control/people/${encodeURIComponent(me)}/orders/${order.id}/${move}`;

export const ordersOf = (me) => get(`/control/people/${encodeURIComponent(me)}/orders`)
  .catch((error) => ({ orders: [], error: error.message }));

export function drawOrders(me, { orders, error }, act) {
  const again = (order, move) => act(async () => toast((await post(path(me, order, move))).words));
  return [
    el("h2", {}, "我的订单"),
    error && el("p", { className: "empty bad" }, error),
    !error && !orders.length && el("p", { className: "empty" }, "还没有下过单"),
    ...orders.map((order) => el("section", { className: "sheet order" },
      el("p", { className: "head" }, el("b", {}, order.campaign_title),
        el("span", { className: order.can_pay ? "state due" : "state" }, order.words)),
      el("p", {}, order.items || "（已全部退掉）", el("b", { className: "fen" }, yuan(order.total_fen))),
      el("p", { className: "small" }, facts(order)),
      money(order),
      order.code && el("p", { className: "code" }, el("small", {}, "取货码"), order.code.replace(/(.{4})(?=.)/g, "$1 ")),
      ...order.claims.map((claim) => drawClaim(me, claim, act)),
      (order.can_pay || order.can_cancel) && el("div", { className: "moves" },
        order.can_pay && el("button", { className: "primary", onclick: () => act(() => openSheet(me, order.id), "pay") }, "付款"),
        order.can_pay && el("button", { onclick: () => again(order, "look-up") }, "查一下"),
        order.can_cancel && el("button", { onclick: () => again(order, "cancel") }, "取消")))),
  ];
}

const MOVES = { take_offer: "接受", escalate: "找平台", withdraw: "撤回" };

function drawClaim(me, claim, act) {
  const said = (move) => `/control/people/${encodeURIComponent(me)}/claims/${claim.id}/${move}`;
  const tap = (move) => act(async () => toast((await post(said(move))).words));
  return el("div", {},
    el("p", { className: "small" }, claim.words),
    claim.moves.length > 0 && el("div", { className: "moves" },
      ...claim.moves.map((move) => el("button", { onclick: () => tap(move) }, MOVES[move] || move))));
}

function facts(order) {
  return [
    order.roster_number && `接龙号 ${order.roster_number}`, `自提 ${order.point_name}`,
    order.can_pay && `${moment(order.hold_until)} 前付款`,
    order.code && order.pickup_deadline && `${moment(order.pickup_deadline)} 前提货`,
  ].filter(Boolean).join(" · ");
}

function money(order) {
  const told = [
    order.cancel_words, order.refunding_fen && `退款处理中 ${yuan(order.refunding_fen)}`,
    order.refunded_fen && `已退 ${yuan(order.refunded_fen)}`,
  ].filter(Boolean);
  return told.length > 0 && el("p", { className: "small" }, told.join(" · "));
}
