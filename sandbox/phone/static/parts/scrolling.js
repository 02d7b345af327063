// scroll-view and swiper: the browser's own scrolling, told as WeChat tells it.

import { el } from "../dom.js";
import { host } from "./host.js";

const flag = { type: Boolean, value: false };

export const scrollView = () => ({
  properties: {
    scrollX: flag, scrollY: flag, scrollTop: { type: Number, value: 0 }, scrollLeft: { type: Number, value: 0 },
    scrollIntoView: String, upperThreshold: { type: Number, value: 50 }, lowerThreshold: { type: Number, value: 50 },
    scrollWithAnimation: flag, enableFlex: flag, enhanced: flag, showScrollbar: flag, bounces: flag, type: String,
    enableBackToTop: flag, scrollAnchoring: flag, pagingEnabled: flag, enablePassive: flag, refresherEnabled: flag,
  },
  lifetimes: {
    attached() {
      let low = false;
      host(this).addEventListener("scroll", ({ target }) => {
        const { scrollTop, scrollLeft, scrollHeight, scrollWidth, clientHeight, clientWidth } = target;
        this.triggerEvent("scroll", { scrollTop, scrollLeft, scrollHeight, scrollWidth });
        const left = this.data.scrollX ? scrollWidth - clientWidth - scrollLeft : scrollHeight - clientHeight - scrollTop;
        const wasLow = low;
        low = left <= this.data.lowerThreshold;
        if (low && !wasLow) this.triggerEvent("scrolltolower", { direction: this.data.scrollX ? "right" : "bottom" });
      });
    },
  },
  observers: {
    "scrollX, scrollY"(across, down) {
      host(this).classList.toggle("across", across);
      host(this).classList.toggle("down", down);
    },
    scrollTop(top) { host(this).scrollTop = top; },
    scrollLeft(left) { host(this).scrollLeft = left; },
    scrollIntoView(id) {
      const wanted = id && this._$.ownerShadowRoot && this._$.ownerShadowRoot.querySelector(`#${id}`);
      if (wanted) wanted.getBackendElement().scrollIntoView({ block: "nearest" });
    },
    refresherEnabled(wanted) { if (wanted) console.error("<scroll-view refresher-enabled> is not known to this phone"); },
  },
});

export const swiper = () => ({
  properties: {
    current: { type: Number, value: 0 }, indicatorDots: flag, indicatorColor: String, indicatorActiveColor: String,
    autoplay: flag, interval: { type: Number, value: 5000 }, duration: Number, circular: flag, vertical: flag,
    previousMargin: String, nextMargin: String, displayMultipleItems: Number, easingFunction: String,
  },
  lifetimes: {
    attached() {
      const element = host(this);
      const track = element.firstElementChild;
      const dots = el("span", { class: "dots" });
      element.append(dots);
      this._turn = (to, source) => {
        dots.replaceChildren(...(this.data.indicatorDots
          ? [...track.children].map((_, at) => el("i", { class: at === to ? "here" : "" })) : []));
        if (source && to !== this.data.current) {
          this.setData({ current: to });
          this.triggerEvent("change", { current: to, source });
        }
      };
      track.addEventListener("scroll", () => this._turn(Math.round(track.scrollLeft / (track.clientWidth || 1)), "touch"));
      this._track = track;
      requestAnimationFrame(() => this._show());
      if (this.data.autoplay) {
        this._clock = setInterval(() => {
          const next = (this.data.current + 1) % Math.max(track.children.length, 1);
          this._turn(next, "autoplay");
        }, this.data.interval);
      }
    },
    detached() { clearInterval(this._clock); },
  },
  methods: {
    _show() {
      if (!this._track) return;
      this._track.scrollLeft = this.data.current * this._track.clientWidth;
      this._turn(this.data.current, "");
    },
  },
  observers: {
    current() { this._show(); },
    vertical(wanted) { if (wanted) console.error("<swiper vertical> is not known to this phone"); },
  },
});

export const swiperItem = () => ({ properties: { itemId: String, skipHiddenItemLayout: flag } });
