// Toasts, the waiting sign, questions and lists to choose from.

import { hideToast, question, sheet, toast } from "../sheets.js";
import { answering, refused } from "./calling.js";

const LONGEST_ANSWER = 4; // letters on a button of showModal; WeChat calls `fail` for more

function fitting({ confirmText = "", cancelText = "" }) {
  for (const [name, text] of Object.entries({ confirmText, cancelText })) {
    if (text.length <= LONGEST_ANSWER) continue;
    console.error(`wx.showModal: ${name} "${text}" is longer than ${LONGEST_ANSWER} letters`);
    throw refused(`${name} length should not larger than ${LONGEST_ANSWER} Chinese characters`);
  }
}

export const asking = {
  showToast: answering("showToast", (options) => { toast(options); }),
  hideToast: answering("hideToast", () => { hideToast(); }),
  showLoading: answering("showLoading", ({ title, mask }) => { toast({ title, mask, icon: "loading", duration: 0 }); }),
  hideLoading: answering("hideLoading", () => { hideToast(); }),
  showModal: answering("showModal", (options) => {
    fitting(options);
    return question(options);
  }),
  showActionSheet: answering("showActionSheet", async ({ itemList, alertText }) => {
    const chosen = await sheet({ title: alertText, label: alertText || "请选择", rows: itemList.map((label, value) => ({ label, value })) });
    if (chosen === null) throw refused("cancel");
    return { tapIndex: chosen };
  }),
};
