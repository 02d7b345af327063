// Compiles every template and wxs script at once by glass-easel's compiler, which is WebAssembly behind node's glue.

import * as program from "./program.js";

export const BUILT_IN = [
  "view", "text", "image", "button", "input", "textarea", "scroll-view", "swiper", "swiper-item", "switch", "picker",
  "radio", "radio-group", "checkbox", "checkbox-group", "form", "navigator",
];
const STRUCTURE = new Set(["block", "slot", "template", "import", "include", "wxs"]);
const TAG = new RegExp(`<(/?)(${BUILT_IN.join("|")})(?=[\\s/>])`, "g");
const SERIOUS = 3; // the compiler's levels: 1 note, 2 warning, 3 error, 4 fatal

let compiled = {};

// HTML has its own button and input, so all built-ins are called wx-… once compiled.
const renamed = (wxml) => wxml.replace(TAG, "<$1wx-$2");

export async function compileAll(ownTemplates) {
  const group = new (await compiler()).TmplGroup();
  for (const [path, wxml] of Object.entries(ownTemplates)) group.addTmpl(path, wxml);
  for (const file of program.every(".wxml")) {
    const path = file.slice(0, -".wxml".length);
    for (const found of group.addTmpl(path, renamed(program.text(file)))) {
      const where = `${file}:${found.startLine + 1}:${found.startColumn + 1}: ${found.message || found.code}`;
      if (found.level >= SERIOUS) console.error(where);
      else console.warn(where);
    }
  }
  for (const file of program.every(".wxs")) group.addScript(file.slice(0, -".wxs".length), program.text(file));
  Object.assign(globalThis, { getRegExp: (source, flags) => new RegExp(source, flags), getDate: (...at) => new Date(...at) });
  compiled = new Function(`return ${group.getTmplGenObjectGroups()}`)();
  group.free();
}

export const template = (path) => ({ groupList: compiled, content: compiled[path] });

// The tags of a template which neither WeChat nor its `using` knows.
export function strangeTags(path, using) {
  const wxml = (program.text(`${path}.wxml`) || "").replace(/<!--[\s\S]*?-->/g, "").replace(/<wxs[\s\S]*?<\/wxs>/g, "");
  const tags = new Set([...wxml.matchAll(/<([a-zA-Z][\w-]*)/g)].map((found) => found[1]));
  return [...tags].filter((tag) => !STRUCTURE.has(tag) && !BUILT_IN.includes(tag) && !(tag in using));
}

async function compiler() {
  const [glue, bytes] = await Promise.all([
    fetch("/phone/vendor/compiler.js").then((answer) => answer.text()),
    fetch("/phone/vendor/compiler.wasm").then((answer) => answer.arrayBuffer()),
  ]);
  const node = {
    util: { TextDecoder, TextEncoder },
    path: { join: (...parts) => parts.join("/") },
    fs: { readFileSync: () => new Uint8Array(bytes) },
  };
  const module = { exports: {} };
  new Function("require", "module", "__dirname", glue)((name) => node[name], module, "");
  return module.exports;
}
