// scanCode: the camera read by jsQR, else a picture, else typing.

import { el } from "../dom.js";
import { sheet } from "../sheets.js";
import { answering, refused } from "./calling.js";
import { chooseFiles } from "./files.js";
import { permit } from "./permits.js";

const LOOK_MS = 120;
let reading = null;

// jsQR comes as a plain script that leaves its function in the window.
function reader() {
  reading = reading || new Promise((resolve, reject) => {
    document.head.append(el("script", { src: "/phone/vendor/jsqr.js", onload: () => resolve(window.jsQR), onerror: reject }));
  });
  return reading;
}

async function read(source, width, height) {
  const canvas = el("canvas", { width, height });
  const paper = canvas.getContext("2d", { willReadFrequently: true });
  paper.drawImage(source, 0, 0, width, height);
  const found = (await reader())(paper.getImageData(0, 0, width, height).data, width, height);
  return found ? found.data : "";
}

async function fromPicture(say) {
  const [file] = await chooseFiles({ accept: "image/*" });
  if (!file) return "";
  const picture = await createImageBitmap(file);
  const text = await read(picture, picture.width, picture.height);
  if (!text) say("这张图里没有找到二维码");
  return text;
}

function watch(video, found) {
  let ended = false;
  let stream = null;
  const look = async () => {
    if (ended) return;
    const text = video.videoWidth ? await read(video, video.videoWidth, video.videoHeight) : "";
    if (text && !ended) found(text);
    else setTimeout(look, LOOK_MS);
  };
  const camera = navigator.mediaDevices && navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  Promise.resolve(camera).then(async (given) => {
    if (!given) throw new Error("no camera");
    if (ended) return given.getTracks().forEach((track) => track.stop());
    stream = given;
    video.srcObject = given;
    await video.play();
    look();
  }).catch(() => { video.hidden = true; });
  return () => {
    ended = true;
    if (stream) stream.getTracks().forEach((track) => track.stop());
  };
}

async function scanCode({ onlyFromCamera = false } = {}) {
  permit("camera");
  const words = el("p", { class: "small", role: "status" }, "对准二维码，或选一张图片，或输入码上的文字");
  const video = el("video", { muted: true, playsinline: true, "aria-label": "相机" });
  const typed = el("input", { "aria-label": "码上的文字", placeholder: "码上的文字" });
  let stop = () => {};
  const seen = new Promise((resolve) => { stop = watch(video, resolve); });
  const album = onlyFromCamera ? [] : [el("button", {
    class: "row", onclick: async () => {
      const text = await fromPicture((told) => { words.textContent = told; });
      if (text) { typed.value = text; confirm(); }
    },
  }, "从相册选二维码")];
  const asked = sheet({ title: "扫一扫", body: [video, words, ...album, typed], done: () => typed.value.trim() || undefined });
  const confirm = () => typed.closest(".sheet").querySelector(".yes").click();
  seen.then((text) => { typed.value = text; confirm(); });
  const text = await asked;
  stop();
  if (!text) throw refused("cancel");
  return { result: text, scanType: "QR_CODE", charSet: "utf-8", rawData: btoa(unescape(encodeURIComponent(text))), path: "" };
}

export const scanning = { scanCode: answering("scanCode", scanCode) };
