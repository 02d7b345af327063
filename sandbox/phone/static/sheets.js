// What lies over a page: sheets from below, questions in the middle, the short words and the waiting sign.

import { byId, el } from "./dom.js";

let open = new Set(); // how to leave each sheet that is open

// Shows a sheet until it is answered; resolves to a row's value, to what `done` says, or to null when it is left.
// `rows` are {label, value, on?}; with `done` there is a button 确定 (or `yes`).
export function sheet({ title, body = [], rows = [], done, yes = "确定", no = "取消", label = title }) {
  return new Promise((resolve) => {
    const leave = (answer) => { cover.remove(); open.delete(leave); resolve(answer); };
    const cover = el("div", { class: "cover", onclick: (event) => event.target === cover && leave(null) },
      el("section", { class: "sheet", role: "dialog", "aria-label": label },
        title && el("h2", {}, title),
        ...body,
        rows.length > 0 && el("div", { class: "rows" }, ...rows.map((row) => el("button", {
          class: row.on ? "row on" : "row", onclick: () => leave(row.value),
        }, row.label))),
        el("div", { class: "answers" },
          no && el("button", { class: "no", onclick: () => leave(null) }, no),
          done && el("button", { class: "yes", onclick: () => { const answer = done(); if (answer !== undefined) leave(answer); } }, yes))));
    byId("over").append(cover);
    open.add(leave);
  });
}

// Going to another page leaves every open sheet unanswered.
export function leaveSheets() {
  for (const leave of open) leave(null);
  open = new Set();
}

// A question in the middle; resolves to {confirm, cancel, content?}.
export function question({ title, content, showCancel = true, confirmText = "确定", cancelText = "取消", editable, placeholderText }) {
  return new Promise((resolve) => {
    const field = editable ? el("textarea", { rows: 2, placeholder: placeholderText, "aria-label": placeholderText || title }) : null;
    if (field) field.value = content || "";
    const leave = (confirm) => {
      cover.remove();
      resolve({ confirm, cancel: !confirm, ...(field && confirm ? { content: field.value } : {}) });
    };
    const cover = el("div", { class: "cover middle" },
      el("section", { class: "question", role: "dialog", "aria-label": title || content || "提示" },
        title && el("h2", {}, title),
        field || (content && el("p", {}, content)),
        el("div", { class: "answers" },
          showCancel && el("button", { class: "no", onclick: () => leave(false) }, cancelText),
          el("button", { class: "yes", onclick: () => leave(true) }, confirmText))));
    byId("over").append(cover);
  });
}

let fading;
export function toast({ title, icon = "success", duration = 1500, mask = false }) {
  const signs = { success: "✓", error: "✕", loading: "", none: "" };
  const box = byId("toast");
  box.replaceChildren(...(signs[icon] ? [el("b", {}, signs[icon])] : []), title);
  box.className = icon === "loading" ? "loading" : "";
  box.classList.toggle("mask", mask);
  box.hidden = false;
  clearTimeout(fading);
  if (duration) fading = setTimeout(hideToast, duration);
}

export function hideToast() {
  clearTimeout(fading);
  byId("toast").hidden = true;
}
