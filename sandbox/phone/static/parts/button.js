// button: its looks, the form it sends, and what the platform does for its open-type.

import { contact, phoneNumber, agreePrivacy } from "../wx/person.js";
import { shareCurrent } from "../pages.js";
import { formAround } from "./fields.js";
import { host, HOVER, hovers, listen } from "./host.js";

const OPEN_TYPES = {
  async getPhoneNumber(component) { component.triggerEvent("getphonenumber", await phoneNumber()); },
  share(component) { shareCurrent({ from: "button", target: { dataset: component.dataset, id: component.id } }); },
  async contact(component) { component.triggerEvent("contact", await contact(component.data.sessionFrom)); },
  agreePrivacyAuthorization(component) {
    agreePrivacy();
    component.triggerEvent("agreeprivacyauthorization", {});
  },
};

export const button = () => ({
  properties: {
    ...HOVER, type: { type: String, value: "default" }, size: { type: String, value: "default" }, plain: Boolean, loading: Boolean,
    disabled: Boolean, formType: String, openType: String, sessionFrom: String, sendMessageTitle: String,
    sendMessagePath: String, sendMessageImg: String, showMessageCard: Boolean, lang: String,
  },
  lifetimes: {
    attached() {
      hovers(this);
      host(this).setAttribute("role", "button");
      listen(this, "tap", () => {
        const { formType, openType, disabled } = this.data;
        if (disabled) return;
        if (formType) formAround(host(this))[formType]();
        for (const one of openType ? openType.split("|") : []) OPEN_TYPES[one](this);
      });
    },
  },
  observers: {
    "type, size, plain"(type, size, plain) {
      Object.assign(host(this).dataset, { type, size, plain: plain ? "yes" : "" });
    },
    "disabled, loading"(disabled, loading) {
      host(this).toggleAttribute("disabled", disabled);
      host(this).setAttribute("aria-disabled", String(disabled));
      host(this).classList.toggle("loading", loading);
    },
    openType(wanted) {
      for (const one of wanted ? wanted.split("|") : []) {
        if (!(one in OPEN_TYPES)) console.error(`<button open-type="${one}"> is not known to this phone`);
      }
    },
  },
});
