// request, uploadFile, downloadFile: to the product by way of the sandbox, abortable, chunk by chunk where asked.

import { byId } from "../dom.js";
import { answered } from "../gesture.js";
import { product } from "../program.js";
import { call, refused } from "./calling.js";
import { blobOf, keep } from "./files.js";

// How many answers are being waited for stands at the phone, so that whoever drives it knows when it is quiet.
let waiting = 0;
function wait(more) {
  waiting += more;
  byId("phone").dataset.waiting = waiting;
}

// Starts `work(signal, say)` at once and gives WeChat's task for it; `say` reports headers and chunks.
function task(name, options, work) {
  const ending = new AbortController();
  const heard = { header: [], chunk: [], progress: [] };
  const timer = setTimeout(() => ending.abort("timeout"), options.timeout || 60000);
  const say = (what, told) => heard[what].forEach((listener) => call(listener, told));
  const share = options.enableChunked ? 0 : 1; // a stream has no end to wait for
  wait(share);
  Promise.resolve().then(() => work(ending.signal, say)).then(
    (answer) => {
      const told = { errMsg: `${name}:ok`, ...answer };
      answered();
      call(options.success, told);
      call(options.complete, told);
    },
    (error) => {
      const why = ending.signal.aborted ? ending.signal.reason : error.message;
      const told = { errMsg: `${name}:fail ${why}`, errno: 600001 };
      answered();
      call(options.fail, told);
      call(options.complete, told);
    }).finally(() => { clearTimeout(timer); wait(-share); });
  return {
    abort: () => ending.abort("abort"),
    onHeadersReceived: (listener) => heard.header.push(listener),
    onChunkReceived: (listener) => heard.chunk.push(listener),
    onProgressUpdate: (listener) => heard.progress.push(listener),
  };
}

const headersOf = (answer) => {
  const named = (name) => name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
  return Object.fromEntries([...answer.headers].map(([name, value]) => [named(name), value]));
};

const withQuery = (url, data) => {
  const query = new URLSearchParams(data || {}).toString();
  return query ? `${url}${url.includes("?") ? "&" : "?"}${query}` : url;
};

const METHODS = ["OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "CONNECT"]; // WeChat's list has no PATCH

function allowed(method) {
  if (METHODS.includes(method.toUpperCase())) return;
  console.error(`wx.request: WeChat has no method ${method}`);
  throw refused("method is invalid");
}

function request(options) {
  const { url, data, header = {}, method = "GET", responseType = "text", dataType = "json", enableChunked } = options;
  const sendsQuery = ["GET", "HEAD", "DELETE"].includes(method) && data && typeof data === "object";
  const headers = { "content-type": "application/json", ...Object.fromEntries(Object.entries(header).map(([name, value]) => [name.toLowerCase(), value])) };
  return task("request", options, async (signal, say) => {
    allowed(method);
    const body = sendsQuery || data === undefined || method === "GET" ? undefined
      : typeof data === "string" || data instanceof ArrayBuffer ? data : JSON.stringify(data);
    const answer = await fetch(product(sendsQuery ? withQuery(url, data) : url), { method, headers, body, signal });
    const told = { statusCode: answer.status, header: headersOf(answer), cookies: [] };
    say("header", told);
    if (enableChunked) {
      for (const reader = answer.body.getReader(); ;) {
        const { done, value } = await reader.read();
        if (done) return { ...told, data: "" };
        say("chunk", { data: value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength) });
      }
    }
    if (responseType === "arraybuffer") return { ...told, data: await answer.arrayBuffer() };
    return { ...told, data: dataType === "json" ? decoded(await answer.text()) : await answer.text() };
  });
}

function decoded(text) {
  try { return JSON.parse(text); } catch { return text; }
}

function uploadFile(options) {
  const { url, filePath, name, header = {}, formData = {} } = options;
  return task("uploadFile", options, async (signal) => {
    const form = new FormData();
    for (const [key, value] of Object.entries(formData)) form.append(key, value);
    const { blob, name: called } = blobOf(filePath);
    form.append(name, blob, called);
    const headers = Object.fromEntries(Object.entries(header).filter(([key]) => key.toLowerCase() !== "content-type"));
    const answer = await fetch(product(url), { method: "POST", headers, body: form, signal });
    return { statusCode: answer.status, data: await answer.text() };
  });
}

function downloadFile(options) {
  const { url, header = {} } = options;
  return task("downloadFile", options, async (signal) => {
    const answer = await fetch(product(url), { headers: header, signal });
    const blob = await answer.blob();
    return { statusCode: answer.status, header: headersOf(answer), tempFilePath: keep(blob, url.split("?")[0].split("/").pop()) };
  });
}

const listeners = [];
const kind = () => (navigator.onLine ? "wifi" : "none");
const changed = () => listeners.forEach((heard) => call(heard, { isConnected: navigator.onLine, networkType: kind() }));
addEventListener("online", changed);
addEventListener("offline", changed);

export const network = {
  request, uploadFile, downloadFile,
  onNetworkStatusChange: (heard) => { listeners.push(heard); },
  getNetworkType: ({ success, complete } = {}) => {
    const told = { networkType: kind(), errMsg: "getNetworkType:ok" };
    call(success, told);
    call(complete, told);
    return success || complete ? undefined : Promise.resolve(told);
  },
};
