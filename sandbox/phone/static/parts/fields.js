// input, textarea, and the form that collects what its fields hold.

import { fieldsWithin, host, joinForm, put } from "./host.js";

const KEYBOARDS = { text: "text", number: "numeric", digit: "decimal", idcard: "text", nickname: "text", "safe-password": "text" };
const SHARED = {
  name: String, value: { type: String, value: "" }, placeholder: String, placeholderStyle: String, placeholderClass: String,
  disabled: Boolean, maxlength: { type: Number, value: 140 }, focus: Boolean, autoFocus: Boolean, confirmType: String,
  confirmHold: Boolean, cursorSpacing: Number, cursor: Number, adjustPosition: Boolean, holdKeyboard: Boolean,
  alwaysEmbed: Boolean, showConfirmBar: Boolean, disableDefaultPadding: Boolean, fixed: Boolean,
};

function field(tag, more) {
  return {
    properties: { ...SHARED, ...more.properties },
    lifetimes: {
      created() {
        const raw = put(this, document.createElement(tag));
        this._raw = raw;
        raw.setAttribute("autocomplete", "off");
        raw.addEventListener("input", () => {
          this.setData({ value: raw.value });
          if (more.grown) more.grown(this);
          this.triggerEvent("input", { value: raw.value, cursor: raw.selectionStart });
        });
        raw.addEventListener("focus", () => this.triggerEvent("focus", { value: raw.value, height: 0 }));
        raw.addEventListener("blur", () => this.triggerEvent("blur", { value: raw.value, cursor: raw.selectionStart }));
        raw.addEventListener("keydown", (event) => {
          if (event.key === "Enter" && tag === "input" && !event.isComposing) this.triggerEvent("confirm", { value: raw.value });
        });
        joinForm(this, { name: () => this.data.name, value: () => raw.value, reset: () => { raw.value = ""; } });
      },
      attached() {
        host(this).addEventListener("click", () => this._raw.focus());
        if (more.grown) more.grown(this);
      },
    },
    observers: {
      value(value) {
        if (this._raw.value === value) return;
        this._raw.value = value;
        if (more.grown) more.grown(this);
      },
      placeholder(words) { this._raw.placeholder = words; },
      disabled(whether) { this._raw.disabled = whether; },
      maxlength(most) { if (most >= 0) this._raw.maxLength = most; else this._raw.removeAttribute("maxlength"); },
      "focus, autoFocus"(one, other) { if (one || other) this._raw.focus(); },
      ...more.observers,
    },
  };
}

export const input = () => field("input", {
  properties: { type: { type: String, value: "text" }, password: Boolean },
  observers: {
    "type, password"(type, password) {
      if (!(type in KEYBOARDS)) console.error(`<input type="${type}"> is not known to this phone`);
      this._raw.type = password || type === "safe-password" ? "password" : "text";
      this._raw.inputMode = KEYBOARDS[type] || "text";
    },
  },
});

function grow(component) {
  const raw = component._raw;
  if (!component.data.autoHeight) return;
  raw.style.height = "auto";
  raw.style.height = `${raw.scrollHeight}px`;
}

export const textarea = () => field("textarea", {
  properties: { autoHeight: Boolean }, grown: grow,
  observers: { autoHeight(whether) { host(this).classList.toggle("grows", whether); } },
});

const forms = new WeakMap();
export const formAround = (element) => forms.get(element.closest("wx-form"));

export const form = () => ({
  properties: { reportSubmit: Boolean },
  lifetimes: {
    attached() {
      const within = () => fieldsWithin(host(this)).filter((one) => one.name());
      forms.set(host(this), {
        submit: () => this.triggerEvent("submit", { value: Object.fromEntries(within().map((one) => [one.name(), one.value()])) }),
        reset: () => { within().forEach((one) => one.reset()); this.triggerEvent("reset", {}); },
      });
    },
  },
});
