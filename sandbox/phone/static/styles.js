// WXSS made CSS: rpx and the page's own vh and vw, built-in tags, classes of a component, pages that do not mix.

import { BUILT_IN } from "./templates.js";
import * as program from "./program.js";

const TAGS = new RegExp(`(^|[\\s>+~(])(${BUILT_IN.join("|")})(?=$|[\\s.:#>+~\\[)])`, "g");
const UNITS = { rpx: "--rpx", vh: "--vh", vw: "--vw" };

// Lengths as they are on this phone; the frame says what one of each measures.
export const lengths = (text) => text.replace(/(-?\d*\.?\d+)(rpx|vh|vw)\b/g, (_, size, unit) => `calc(${size} * var(${UNITS[unit]}))`);

export function addAppStyle() {
  add("app", (selector) => selector);
}

export function addPageStyle(path) {
  const here = `:where([data-page="${path}"])`;
  add(path, (selector) => (/^\.wx-page\b/.test(selector) ? selector.replace(".wx-page", `.wx-page${here}`) : `${here} ${selector}`));
}

export function addComponentStyle(path, scope) {
  add(path, (selector) => selector.replace(/\.(-?[_a-zA-Z][\w-]*)/g, `.${scope}--$1`).replace(/:host/g, `[data-is="${path}"]`));
}

function add(path, scoped) {
  const style = document.createElement("style");
  style.dataset.wxss = path;
  style.textContent = rules(sheet(`${path}.wxss`), (selector) => scoped(named(selector)));
  document.head.append(style);
}

const named = (selector) => selector.replace(TAGS, "$1wx-$2").replace(/(^|[\s>+~(])page(?=$|[\s.:#>+~[)])/g, "$1.wx-page");

// A sheet without comments, with what it imports in its place.
function sheet(path) {
  const written = (program.text(path) || "").replace(/\/\*[\s\S]*?\*\//g, "");
  return written.replace(/@import\s+(?:url\()?["']([^"']+)["']\)?\s*;/g, (_, from) => sheet(program.resolve(path, from)));
}

function rules(text, scoped) {
  let made = "";
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf("{", at);
    if (open < 0) return made + lengths(text.slice(at));
    const end = closing(text, open);
    const head = text.slice(at, open).trim();
    const body = text.slice(open + 1, end);
    if (/^@(media|supports)/.test(head)) made += `${head} {${rules(body, scoped)}}\n`;
    else if (head.startsWith("@")) made += `${head} {${lengths(body)}}\n`;
    else made += `${head.split(",").map((one) => scoped(one.trim())).join(", ")} {${lengths(body)}}\n`;
    at = end + 1;
  }
  return made;
}

function closing(text, open) {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === "{") depth += 1;
    if (text[at] === "}" && (depth -= 1) === 0) return at;
  }
  return text.length;
}

// Inline styles are written by setAttribute; they know rpx as well.
export function takeInlineLengths() {
  const before = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function setAttribute(name, value) {
    before.call(this, name, name === "style" ? lengths(String(value)) : value);
  };
}
