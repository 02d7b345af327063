// The mini-program's folder in memory: its texts, its settings, where a path leads, and its modules by require().

import { call } from "./dom.js";

let files = {};
let others = new Set();
const modules = new Map();

export async function readProgram() {
  const told = await call("/phone/files");
  files = told.files;
  others = new Set(told.others);
}

export const text = (path) => files[path];
export const every = (ending) => Object.keys(files).filter((path) => path.endsWith(ending));

export function settings(path) {
  try {
    return JSON.parse(files[`${path}.json`] || "{}");
  } catch (broken) {
    throw new Error(`${path}.json: ${broken.message}`);
  }
}

// Where `path`, written in the file or folder page `from`, leads; never starts with a slash.
export function resolve(from, path) {
  const parts = path.startsWith("/") ? [] : from.split("/").slice(0, -1);
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

// The address of a picture: a file of the folder, else something of the product, else what it says.
export function address(src) {
  const place = own(src || "");
  if (!place || /^(https?:|data:|blob:|wxfile:)/.test(place)) return place.replace(/^wxfile:\/\//, "blob:");
  const inside = place.replace(/^\//, "");
  return others.has(inside) ? `/phone/app/${inside}` : product(place);
}

// The product, which the mini-program calls at the address of a developer's own server, is whatever this sandbox is told.
const own = (url) => url.replace(/^http:\/\/127\.0\.0\.1:8000(?=\/)/, "");
export const product = (url) => (own(url).startsWith("/") ? `/phone/product${own(url)}` : url);

const HIDDEN = ["window", "document", "self", "fetch", "localStorage", "XMLHttpRequest", "navigator", "location"];

// Runs a file as WeChat would: no browser around it, `given` (wx, Page, …) in reach. Each file runs once.
export function run(path, given) {
  if (modules.has(path)) return modules.get(path).exports;
  const source = files[path];
  if (source === undefined) throw new Error(`module '${path}' is not there`);
  const module = { exports: {} };
  modules.set(path, module);
  const names = [...Object.keys(given), "require", "module", "exports", ...HIDDEN];
  const require = (wanted) => {
    const found = resolve(path, wanted);
    return run(files[found] === undefined || !found.endsWith(".js") ? `${found.replace(/\.js$/, "")}.js` : found, given);
  };
  const body = new Function(...names, `"use strict"; ${source}\n//# sourceURL=miniprogram/${path}`);
  body(...Object.values(given), require, module, module.exports);
  return module.exports;
}
