// Pictures and files a page holds: chosen, read, shown large, saved. A path is an address of this page's memory.

import { byId, el } from "../dom.js";
import { address } from "../program.js";
import { sheet } from "../sheets.js";
import { answering, call, refused } from "./calling.js";
import { permit, permitAlbum } from "./permits.js";

const USER_DATA_PATH = "wxfile://usr";
const held = new Map();

export function keep(blob, name = "file") {
  const path = URL.createObjectURL(blob);
  held.set(path, { blob, name });
  return path;
}

export function blobOf(path) {
  if (!held.has(path)) throw new Error(`no such file: ${path}`);
  return held.get(path);
}

export const bytesToBase64 = (buffer) => btoa(Array.from(new Uint8Array(buffer), (one) => String.fromCharCode(one)).join(""));

// The browser's own chooser, out of sight but in reach of who fills it in.
export function chooseFiles({ accept, multiple, capture }) {
  return new Promise((resolve) => {
    const field = el("input", { type: "file", accept, multiple, capture, id: "chooser", hidden: true });
    field.addEventListener("change", () => { resolve([...field.files]); field.remove(); });
    field.addEventListener("cancel", () => { resolve([]); field.remove(); });
    byId("over").append(field);
    field.click();
  });
}

const chooseMedia = answering("chooseMedia", async ({ count = 9, mediaType = ["image"], sourceType = ["album", "camera"] }) => {
  permit("camera");
  const accept = mediaType.map((one) => `${one}/*`).join(",");
  const from = sourceType.length > 1
    ? await sheet({ label: "选照片", rows: [{ label: "拍摄", value: "camera" }, { label: "从手机相册选择", value: "album" }] }) : sourceType[0];
  if (from === null) throw refused("cancel");
  const files = await chooseFiles({ accept, multiple: count > 1, capture: from === "camera" ? "environment" : null });
  if (!files.length) throw refused("cancel");
  return {
    type: "image",
    tempFiles: files.slice(0, count).map((file) => ({ tempFilePath: keep(file, file.name), size: file.size, fileType: file.type.split("/")[0] })),
  };
});

const previewImage = answering("previewImage", ({ urls, current }) => {
  const at = Math.max(urls.indexOf(current), 0);
  const cover = el("div", { class: "cover dark", role: "dialog", "aria-label": "图片", onclick: () => cover.remove() },
    el("img", { src: address(urls[at]), alt: "" }), el("small", {}, `${at + 1}/${urls.length}`));
  byId("over").append(cover);
});

const saveImageToPhotosAlbum = answering("saveImageToPhotosAlbum", async ({ filePath }) => {
  await permitAlbum();
  const { name } = blobOf(filePath);
  el("a", { href: filePath, download: name }).click();
});

// A browser shows no workbooks, so the document lies on a sheet from which it is opened or kept.
const openDocument = answering("openDocument", ({ filePath, fileType }) => {
  const { blob, name } = blobOf(filePath);
  const called = !fileType || name.endsWith(`.${fileType}`) ? name : `${name}.${fileType}`;
  const body = [
    el("p", { class: "small" }, `${Math.ceil(blob.size / 1024)} KB`),
    el("a", { class: "card", href: filePath, download: called, target: "_blank" }, `打开 ${called}`),
  ];
  sheet({ title: called, body, no: "关闭" });
});

function readFile({ filePath, encoding, success, fail, complete }) {
  Promise.resolve().then(async () => {
    const buffer = await blobOf(filePath).blob.arrayBuffer();
    if (encoding === "base64") return bytesToBase64(buffer);
    return encoding ? new TextDecoder(encoding).decode(buffer) : buffer;
  }).then(
    (data) => { call(success, { data, errMsg: "readFile:ok" }); call(complete, {}); },
    (error) => { call(fail, { errMsg: `readFile:fail ${error.message}` }); call(complete, {}); });
}

// The file lies on a sheet from which it is kept, as it would lie in a chat.
const shareFileMessage = answering("shareFileMessage", async ({ filePath, fileName }) => {
  const { blob, name } = blobOf(filePath);
  const file = el("a", { class: "card", href: URL.createObjectURL(blob), download: fileName || name, target: "_blank" }, fileName || name);
  const sent = await sheet({ title: "发送给", body: [file], yes: "发送", done: () => true });
  if (!sent) throw refused("cancel");
});

function writeFile({ filePath, data, success, fail }) {
  if (!filePath.startsWith(`${USER_DATA_PATH}/`)) return call(fail, { errMsg: `writeFile:fail permission denied, open ${filePath}` });
  held.set(filePath, { blob: new Blob([data]), name: filePath.split("/").pop() });
  return call(success, { errMsg: "writeFile:ok" });
}

export const files = {
  shareFileMessage, env: { USER_DATA_PATH },
  chooseMedia, previewImage, saveImageToPhotosAlbum, openDocument,
  getFileSystemManager: () => ({ readFile, writeFile }),
  arrayBufferToBase64: bytesToBase64,
  base64ToArrayBuffer: (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer,
};
