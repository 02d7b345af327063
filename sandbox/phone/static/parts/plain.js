// view, text, image, navigator.

import { go } from "../pages.js";
import { address } from "../program.js";
import { host, HOVER, hovers, listen, put } from "./host.js";

export const view = () => ({ properties: HOVER, lifetimes: { attached() { hovers(this); } } });

export const text = () => ({
  properties: { selectable: Boolean, userSelect: Boolean, space: String, decode: Boolean },
  observers: { "selectable, userSelect"(one, other) { host(this).classList.toggle("selectable", one || other); } },
});

const FITS = { scaleToFill: "fill", aspectFit: "contain", aspectFill: "cover", widthFix: "", heightFix: "" };

export const image = () => ({
  properties: {
    src: { type: String, value: "" }, mode: { type: String, value: "scaleToFill" }, lazyLoad: Boolean, webp: Boolean,
    showMenuByLongpress: Boolean,
  },
  lifetimes: {
    created() {
      const shown = put(this, new Image());
      shown.alt = "";
      shown.addEventListener("load", () => this.triggerEvent("load", { width: shown.naturalWidth, height: shown.naturalHeight }));
      shown.addEventListener("error", () => this.triggerEvent("error", { errMsg: `GET ${shown.src} failed` }));
      this._shown = shown;
    },
  },
  observers: {
    src(src) {
      if (src) this._shown.src = address(src);
      else this._shown.removeAttribute("src");
    },
    mode(mode) {
      if (!(mode in FITS)) console.error(`<image mode="${mode}"> is not known to this phone`);
      host(this).dataset.mode = mode;
      this._shown.style.objectFit = FITS[mode] || "fill";
    },
  },
});

export const navigator = () => ({
  properties: { ...HOVER, url: String, openType: { type: String, value: "navigate" }, delta: { type: Number, value: 1 } },
  lifetimes: {
    attached() {
      hovers(this);
      host(this).setAttribute("role", "link");
      listen(this, "tap", () => go(this.data.openType, this.data.url, this.data.delta));
    },
  },
});
