// switch, radio, checkbox and the groups that say what is chosen.

import { el } from "../dom.js";
import { host, joinForm, listen } from "./host.js";

const CHOICE = { value: String, checked: Boolean, disabled: Boolean, color: String, name: String };
const choices = new WeakMap();
const groups = new WeakMap();

function draw(component, role) {
  host(component).setAttribute("role", role);
  host(component).setAttribute("aria-checked", String(component.data.checked));
  host(component).classList.toggle("on", component.data.checked);
}

export const toggle = () => ({
  properties: { ...CHOICE, type: { type: String, value: "switch" } },
  lifetimes: {
    attached() {
      host(this).append(el("i", { class: "knob" }));
      draw(this, "switch");
      joinForm(this, { name: () => this.data.name, value: () => this.data.checked, reset: () => this.setData({ checked: false }) });
      listen(this, "tap", () => {
        if (this.data.disabled) return;
        this.setData({ checked: !this.data.checked });
        this.triggerEvent("change", { value: this.data.checked });
      });
    },
  },
  observers: { checked() { draw(this, "switch"); } },
});

const choice = (role, choose) => () => ({
  properties: CHOICE,
  lifetimes: {
    attached() {
      const element = host(this);
      element.prepend(el("i", { class: "mark" }));
      draw(this, role);
      choices.set(element, this);
      listen(this, "tap", () => {
        if (this.data.disabled || !choose(this, element)) return;
        const group = element.closest(`wx-${role}-group`);
        if (group) groups.get(group).tell();
      });
    },
  },
  observers: { checked() { draw(this, role); } },
});

const within = (element, role) => [...element.querySelectorAll(`wx-${role}`)].map((one) => choices.get(one));

export const radio = choice("radio", (chosen, element) => {
  if (chosen.data.checked) return false;
  const group = element.closest("wx-radio-group");
  for (const other of group ? within(group, "radio") : []) if (other !== chosen) other.setData({ checked: false });
  chosen.setData({ checked: true });
  return true;
});

export const checkbox = choice("checkbox", (chosen) => {
  chosen.setData({ checked: !chosen.data.checked });
  return true;
});

export const choiceGroup = (many) => ({
  properties: { name: String },
  lifetimes: {
    attached() {
      const chosen = () => within(host(this), many ? "checkbox" : "radio").filter((one) => one.data.checked).map((one) => one.data.value);
      const value = () => (many ? chosen() : chosen()[0] || "");
      groups.set(host(this), { tell: () => this.triggerEvent("change", { value: value() }) });
      if (!many) host(this).setAttribute("role", "radiogroup");
      joinForm(this, {
        name: () => this.data.name, value,
        reset: () => within(host(this), many ? "checkbox" : "radio").forEach((one) => one.setData({ checked: false })),
      });
    },
  },
});
