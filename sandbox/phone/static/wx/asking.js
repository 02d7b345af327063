// Toasts, the waiting sign, questions and lists to choose from.

import { hideToast, question, sheet, toast } from "../sheets.js";
import { answering, refused } from "./calling.js";

export const asking = {
  showToast: answering("showToast", (options) => { toast(options); }),
  hideToast: answering("hideToast", () => { hideToast(); }),
  showLoading: answering("showLoading", ({ title, mask }) => { toast({ title, mask, icon: "loading", duration: 0 }); }),
  hideLoading: answering("hideLoading", () => { hideToast(); }),
  showModal: answering("showModal", (options) => question(options)),
  showActionSheet: answering("showActionSheet", async ({ itemList, alertText }) => {
    const chosen = await sheet({ title: alertText, label: alertText || "请选择", rows: itemList.map((label, value) => ({ label, value })) });
    if (chosen === null) throw refused("cancel");
    return { tapIndex: chosen };
  }),
};
