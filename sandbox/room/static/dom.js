// Builds elements from text only, so nothing that people write can become markup.

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "onclick") node.addEventListener("click", value);
    else if (name === "className") node.className = value;
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null && child !== false && child !== ""));
  return node;
}

export const byId = (id) => document.getElementById(id);

export function avatar(name, robot = false) {
  const tone = [...name].reduce((sum, char) => sum + char.codePointAt(0), 0) % 8;
  return el("div", { className: `avatar ${robot ? "robot" : `tone${tone}`}` }, robot ? "邻" : [...name].at(-1) || "？");
}

// http(s) addresses become links, 「点这里（address）」 under its own words; everything else stays text
const LINK = /([^\s，。；、：（）]+)（(https?:\/\/[^\s）]+)）|(https?:\/\/[^\s）)」，。]+)/g;
export function linked(text) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    const href = found[2] || found[3];
    parts.push(text.slice(from, found.index),
      el("a", { href, target: "_blank", rel: "noopener noreferrer" }, found[1] || href));
    from = found.index + found[0].length;
  }
  return [...parts, text.slice(from)];
}

export const yuan = (fen) => `${fen < 0 ? "−" : ""}¥${(Math.abs(fen) / 100).toFixed(2)}`;

const wall = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false,
});
export const moment = (iso) => wall.format(new Date(iso));
export const clockTime = (iso) => moment(iso).split(" ").at(-1);

// Enter sends, with Shift it begins a new row.
export const sendsOnEnter = (field) => field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  field.form.requestSubmit();
});

let fading;
export function toast(text, bad = false) {
  const box = byId("toast");
  box.textContent = text;
  box.className = bad ? "shown bad" : "shown";
  clearTimeout(fading);
  fading = setTimeout(() => { box.className = ""; }, 3200);
}

// A small form in a dialog; resolves to {name: value}, or null when cancelled.
export function ask(title, fields) {
  const dialog = byId("ask");
  byId("ask-title").textContent = title;
  byId("ask-fields").replaceChildren(...fields.map(({ name, label, value = "" }) =>
    el("label", {}, label, el("input", { name, value, required: true, autocomplete: "off" }))));
  dialog.returnValue = "cancel";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const inputs = [...dialog.querySelectorAll("input")];
      resolve(dialog.returnValue === "ok" ? Object.fromEntries(inputs.map((one) => [one.name, one.value.trim()])) : null);
    }, { once: true });
  });
}
