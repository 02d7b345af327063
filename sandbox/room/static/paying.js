// The cashier's list of unpaid orders, for whoever wants to pay without a phone, and why it refuses.

import { post } from "./api.js";
import { toast, yuan } from "./dom.js";

const REFUSALS = {
  order_paid: "这一单已经付过了", order_closed: "这一单已经关闭", order_expired: "这一单已经过期",
  openid_mismatch: "不是这个人的付款单", unknown_prepay_id: "没有这张付款单", prepay_expired: "付款单过期了，请重新打开",
  bad_params: "付款参数不完整", bad_pay_sign: "付款参数的签名不对", unknown_person: "先选一个人",
};

export async function pay(me, wish) {
  const paid = await post("/control/pay", { ...wish, person: me })
    .catch((error) => { throw new Error(REFUSALS[error.message] || error.message); });
  toast(`${me} 支付成功 ${yuan(paid.payer_fen)}`);
}
