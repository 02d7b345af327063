// Every built-in component of this phone by its WeChat name, and what all elements of a page understand.

import { button } from "./button.js";
import { checkbox, choiceGroup, radio, toggle } from "./choices.js";
import { form, input, textarea } from "./fields.js";
import { host, labelled } from "./host.js";
import { image, navigator, text, view } from "./plain.js";
import { picker } from "./picker.js";
import { scrollView, swiper, swiperItem } from "./scrolling.js";

export const PARTS = {
  view, text, image, button, input, textarea, form, picker, navigator, swiper, radio, checkbox,
  "scroll-view": scrollView, "swiper-item": swiperItem, switch: toggle,
  "radio-group": () => choiceGroup(false), "checkbox-group": () => choiceGroup(true),
};

const TRACK = '<div class="track"><slot></slot></div>';
const LEAVES = ["image", "input", "textarea", "switch"];

export const templates = Object.fromEntries(Object.keys(PARTS).map((name) => [
  `wx/${name}`, name === "swiper" ? TRACK : LEAVES.includes(name) ? "" : "<slot></slot>",
]));

const ARIA = {
  ariaRole: "role", ariaLabel: "aria-label", ariaDisabled: "aria-disabled", ariaChecked: "aria-checked",
  ariaSelected: "aria-selected", ariaExpanded: "aria-expanded", ariaHidden: "aria-hidden", ariaLive: "aria-live",
  ariaValuenow: "aria-valuenow", ariaValuemin: "aria-valuemin", ariaValuemax: "aria-valuemax",
  ariaValuetext: "aria-valuetext", ariaModal: "aria-modal",
};

// What pages said of an element, which may be taken back; what a built-in says of itself stays.
const said = new WeakMap();

function say(component, property) {
  const value = component.data[property];
  const element = labelled(host(component));
  const here = said.get(component) || new Set();
  if (value == null || value === "") {
    if (here.delete(property)) element.removeAttribute(ARIA[property]);
    return;
  }
  said.set(component, here.add(property));
  element.setAttribute(ARIA[property], String(value));
}

export function everyElement() {
  const properties = { hidden: { type: Boolean, value: false, observer(value) { host(this).hidden = value; } } };
  for (const name of Object.keys(ARIA)) {
    properties[name] = { type: null, value: null, observer() { say(this, name); } };
  }
  return {
    properties,
    lifetimes: {
      attached() {
        host(this).dataset.is = this._$.is;
        Object.keys(ARIA).forEach((name) => say(this, name));
      },
    },
  };
}
