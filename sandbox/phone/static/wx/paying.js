// requestPayment: the cashier's sheet of the sandbox, inside the phone.

import { call as ask, el } from "../dom.js";
import { gestured } from "../gesture.js";
import { sheet, toast } from "../sheets.js";
import { answering, refused } from "./calling.js";
import { about } from "./device.js";

const REFUSALS = {
  order_paid: "这一单已经付过了", order_closed: "这一单已经关闭", order_expired: "这一单已经过期",
  openid_mismatch: "不是这个人的付款单", unknown_prepay_id: "没有这张付款单", prepay_expired: "付款单过期了，请重新打开",
  bad_params: "付款参数不完整", bad_pay_sign: "付款参数的签名不对",
};
const yuan = (fen) => `¥${(fen / 100).toFixed(2)}`;

async function requestPayment({ timeStamp, nonceStr, package: prepay, signType, paySign }) {
  const params = { timeStamp, nonceStr, package: prepay, signType, paySign };
  const bill = await ask(`/phone/bill?prepay_id=${encodeURIComponent(String(prepay).replace("prepay_id=", ""))}`)
    .catch((error) => { throw refused(REFUSALS[error.message] || error.message); });
  const confirmed = await sheet({
    title: "微信支付", yes: "付款", done: () => true,
    body: [el("p", {}, bill.description), el("strong", { class: "sum" }, yuan(bill.total_fen)), el("p", { class: "small" }, `付款人 ${about.holder.name}`)],
  });
  if (!confirmed) throw refused("cancel");
  try {
    await ask("/control/pay", { params, person: about.holder.name });
  } catch (error) {
    toast({ title: REFUSALS[error.message] || error.message, icon: "none", duration: 3000 });
    throw refused(REFUSALS[error.message] || error.message);
  }
  gestured();
}

export const paying = { requestPayment: answering("requestPayment", requestPayment) };
