// What a page of the console cannot do without a script: copy and print what is shown once.
"use strict";

document.documentElement.classList.add("scripts");

document.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-copy], [data-print]");
  if (!pressed) return;
  if (pressed.hasAttribute("data-print")) {
    window.print();
    return;
  }
  const lines = [...document.querySelectorAll(pressed.dataset.copy + " code")].map((code) => code.textContent);
  copied(lines.join("\n")).then((done) => {
    pressed.textContent = done ? pressed.dataset.copied : "复制不了，请抄下或打印";
  });
});

// The clipboard is for pages that came by HTTPS; elsewhere the browser's older way is tried.
function copied(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text).then(() => true, () => false);
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return Promise.resolve(done);
}
