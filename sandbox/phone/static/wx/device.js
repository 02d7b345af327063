// What the phone says about itself, its clipboard and its dialler.

import { byId, el } from "../dom.js";
import { sheet, toast } from "../sheets.js";
import { answering, refused } from "./calling.js";
import { permit } from "./permits.js";

// `card` opened the mini-program; `type` is the size of type that the holder has chosen in WeChat, 16 for most.
export const about = { appId: "", holder: null, card: null, type: 16 };

const windowInfo = () => ({
  pixelRatio: devicePixelRatio, screenWidth: byId("phone").clientWidth, screenHeight: byId("phone").clientHeight,
  windowWidth: byId("pages").clientWidth, windowHeight: byId("pages").clientHeight, statusBarHeight: 28, screenTop: 0,
  safeArea: { left: 0, top: 28, right: byId("phone").clientWidth, bottom: byId("phone").clientHeight,
    width: byId("phone").clientWidth, height: byId("phone").clientHeight - 28 },
});

export const device = {
  getWindowInfo: windowInfo,
  getDeviceInfo: () => ({ brand: "邻团", model: "沙盒手机", platform: "devtools", system: "沙盒 1.0" }),
  getAppBaseInfo: () => ({ SDKVersion: "3.8.0", version: "8.0.50", language: "zh_CN", theme: "light", fontSizeSetting: about.type }),
  getAccountInfoSync: () => ({ miniProgram: { appId: about.appId, envVersion: "develop", version: "" }, plugin: {} }),
  getUpdateManager: () => ({ onCheckForUpdate() {}, onUpdateReady() {}, onUpdateFailed() {}, applyUpdate() {} }),
  setClipboardData: answering("setClipboardData", async ({ data }) => {
    permit("clipboard");
    await navigator.clipboard.writeText(data).catch(() => { sessionStorage.setItem("clipboard", data); }); // a frame may not reach it
    toast({ title: "内容已复制", icon: "none" });
  }),
  makePhoneCall: answering("makePhoneCall", async ({ phoneNumber }) => {
    const called = await sheet({ title: `呼叫 ${phoneNumber}`, body: [el("p", { class: "small" }, "沙盒手机不会真的拨出。")], yes: "呼叫", done: () => true });
    if (!called) throw refused("cancel");
  }),
};
