// What the holder lets the mini-program and WeChat do: settings under 更多, answered by WeChat's words where they refuse.

import { el } from "../dom.js";
import { sheet } from "../sheets.js";
import { refused } from "./calling.js";
import { storage } from "./storage.js";

const SETTINGS = "platform.settings";
const ALBUM = "scope.writePhotosAlbum";
const KINDS = {
  [ALBUM]: "保存到相册",
  camera: "手机让微信用相机和相册",
  clipboard: "手机让微信用剪贴板",
  privacy: "同意隐私保护指引",
};

// A new phone lets everything; only saving to the album has to be asked for, as WeChat asks.
const kept = () => ({ camera: true, clipboard: true, privacy: true, ...(storage.getStorageSync(SETTINGS) || {}) });
const set = (more) => storage.setStorageSync(SETTINGS, { ...kept(), ...more });

// The settings of the phone as switches; resolves when they are left.
export async function changeSettings(kinds = Object.keys(KINDS)) {
  const now = kept();
  const ticks = kinds.map((kind) => el("input", { type: "checkbox", checked: now[kind] === true, value: kind }));
  const rows = kinds.map((kind, at) => el("label", { class: "row" }, ticks[at], KINDS[kind]));
  const chosen = await sheet({ title: "设置", body: rows, done: () => ticks.map((one) => [one.value, one.checked]) });
  if (chosen) set(Object.fromEntries(chosen));
}

export async function openSetting() {
  await changeSettings([ALBUM]);
  return { authSetting: { [ALBUM]: kept()[ALBUM] === true } };
}

export const agreePrivacy = () => set({ privacy: true });
export const privacyAgreed = () => kept().privacy;

function guide() {
  if (!privacyAgreed()) throw refused("privacy permission is not authorized", { errno: 104 });
}

// Throws what WeChat would say when the camera or the clipboard is not to be had.
export function permit(kind) {
  guide();
  if (!kept()[kind]) throw refused("system permission denied");
}

// Asks once whether pictures may be kept; a no stays until the settings say otherwise.
export async function permitAlbum() {
  guide();
  if (kept()[ALBUM] === undefined) {
    const allowed = await sheet({ title: "邻团申请保存图片到你的相册", yes: "允许", no: "拒绝", done: () => true });
    set({ [ALBUM]: allowed === true });
  }
  if (!kept()[ALBUM]) throw refused("auth deny");
}
