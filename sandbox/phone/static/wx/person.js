// Who holds the phone: logging in, the phone number, consent, the prompts for messages, customer service.

import { call as ask, el } from "../dom.js";
import { isGesture } from "../gesture.js";
import { sheet, toast } from "../sheets.js";
import { answering, refused } from "./calling.js";
import { about } from "./device.js";
import { agreePrivacy, openSetting, privacyAgreed } from "./permits.js";

export { agreePrivacy };
const me = () => encodeURIComponent(about.holder.name);

export async function phoneNumber() {
  const shown = about.holder.phone.replace(/^(\d{3})\d{4}/, "$1****");
  const allowed = await sheet({ title: "申请使用你的手机号", body: [el("p", {}, shown)], yes: "允许", no: "不允许", done: () => true });
  if (!allowed) return { errMsg: "getPhoneNumber:fail user deny" };
  const { code } = await ask(`/control/people/${me()}/phone-code`, {});
  return { code, errMsg: "getPhoneNumber:ok" };
}

export async function contact(sessionFrom) {
  const told = await ask(`/control/customer/${me()}/enter`, { session_from: sessionFrom });
  toast({ title: told.delivered ? "已进入客服会话" : "客服没有收到", icon: "none" });
  return { path: "", query: {} };
}

const PRIVACY = "邻团会按《隐私保护指引》处理你的手机号、照片、相机和剪贴板，只用于下单、提货和售后。";

async function requirePrivacy() {
  if (privacyAgreed()) return;
  const agreed = await sheet({ title: "隐私保护提示", body: [el("p", {}, PRIVACY)], yes: "同意", no: "拒绝", done: () => true });
  if (!agreed) throw refused("privacy permission is not authorized", { errno: 104 });
  agreePrivacy();
}

async function requestSubscribeMessage({ tmplIds }) {
  if (!isGesture()) {
    console.error("wx.requestSubscribeMessage: neither a tap nor the end of a payment led here");
    throw refused("can only be invoked by user TAP gesture.", { errCode: 20000 });
  }
  const { templates } = await ask("/phone/templates");
  const strange = tmplIds.filter((one) => !(one in templates));
  if (strange.length || !tmplIds.length || tmplIds.length > 3) throw refused("TmplIds is invalid", { errCode: 20001 });
  const ticks = tmplIds.map((one) => el("input", { type: "checkbox", checked: true, value: one }));
  const rows = tmplIds.map((one, at) => el("label", { class: "row" }, ticks[at], templates[one]));
  const allowed = await sheet({
    title: "申请发送以下消息", body: rows, yes: "允许", no: "取消",
    done: () => ticks.filter((one) => one.checked).map((one) => one.value),
  });
  const results = Object.fromEntries(tmplIds.map((one) => [one, (allowed || []).includes(one) ? "accept" : "reject"]));
  await ask(`/phone/${me()}/prompt`, { results });
  return results;
}

export const person = {
  login: answering("login", () => ask(`/phone/${me()}/login`, {})),
  requestSubscribeMessage: answering("requestSubscribeMessage", requestSubscribeMessage),
  requirePrivacyAuthorize: answering("requirePrivacyAuthorize", requirePrivacy),
  openSetting: answering("openSetting", openSetting),
  openPrivacyContract: answering("openPrivacyContract", async () => {
    await sheet({ title: "《邻团小程序隐私保护指引》", body: [el("p", {}, PRIVACY)], no: "关闭" });
  }),
};
