// The phone around the page: what holds it, the bar with title and way back, the tab bar, and what a pixel measures.

import { byId, call, el } from "./dom.js";
import { address, settings } from "./program.js";

const WIDE = 480;

export function fit() {
  const phone = byId("phone");
  const measure = () => {
    phone.classList.toggle("framed", innerWidth > WIDE);
    const width = phone.clientWidth;
    phone.style.setProperty("--rpx", `${width / 750}px`);
    phone.style.setProperty("--vw", `${width / 100}px`);
    phone.style.setProperty("--vh", `${byId("pages").clientHeight / 100}px`);
  };
  measure();
  new ResizeObserver(measure).observe(byId("pages"));
  addEventListener("resize", measure);
}

export async function holders(name, choose) {
  const { people, now, appid } = await call("/phone/people");
  const ahead = new Date(now) - Date.now();
  const wall = () => {
    const words = { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hour12: false };
    byId("wall").textContent = new Intl.DateTimeFormat("zh-CN", words).format(new Date(Date.now() + ahead));
  };
  wall();
  setInterval(wall, 20000);
  const list = byId("holder");
  list.append(...people.map((one) => el("option", { selected: one.name === name }, one.name)));
  list.addEventListener("change", () => choose(list.value));
  return { person: people.find((one) => one.name === name), appid, people };
}

// `page` is {path, title, settings}; `depth` how many pages lie under it.
export function drawBar(page, depth) {
  const look = { ...(settings("app").window || {}), ...page.settings };
  const bar = byId("bar");
  bar.hidden = look.navigationStyle === "custom";
  bar.style.background = look.navigationBarBackgroundColor || "#000";
  bar.dataset.ink = look.navigationBarTextStyle || "white";
  byId("title").textContent = page.title;
  byId("back").hidden = depth === 0;
  byId("home").hidden = depth > 0 || tabs().some((tab) => tab.pagePath === page.path) || page.path === settings("app").pages[0];
  byId("again").hidden = !look.enablePullDownRefresh;
}

export const tabs = () => (settings("app").tabBar || { list: [] }).list;

export function drawTabs(path, go) {
  const look = settings("app").tabBar || {};
  const box = byId("tabs");
  box.hidden = !tabs().some((tab) => tab.pagePath === path);
  box.style.background = look.backgroundColor || "#fff";
  box.replaceChildren(...tabs().map((tab) => {
    const here = tab.pagePath === path;
    const icon = here ? tab.selectedIconPath : tab.iconPath;
    const button = el("button", { "aria-current": here ? "page" : null, onclick: () => go(`/${tab.pagePath}`) },
      icon && el("img", { src: address(icon), alt: "" }), tab.text);
    button.style.color = (here ? look.selectedColor : look.color) || "#333";
    return button;
  }));
}
