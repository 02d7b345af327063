// The page stack: opening, leaving, coming back, and the moments a page is told about.

import { byId, el } from "./dom.js";
import { drawBar, drawTabs, tabs } from "./frame.js";
import { post } from "./posting.js";
import { resolve, settings } from "./program.js";
import { createPage } from "./registry.js";
import { leaveSheets, toast } from "./sheets.js";

const MOST_PAGES = 10;
const REACH = 50;
let stack = [];
const kept = new Map(); // tab pages live on while another tab is shown

export const current = () => stack[stack.length - 1];
export const callers = () => stack.map((page) => page.caller);
const isTab = (path) => tabs().some((tab) => tab.pagePath === path);

export function everyPath() {
  const app = settings("app");
  const parts = app.subPackages || app.subpackages || [];
  return [...app.pages, ...parts.flatMap((part) => part.pages.map((page) => `${part.root.replace(/\/$/, "")}/${page}`))];
}

// {path, query} of an address, relative to the page that is shown; throws for one that app.json does not know.
export function parse(url) {
  const [written, search = ""] = url.split("?");
  const path = resolve(current() && !written.startsWith("/") ? current().path : "", written);
  if (!everyPath().includes(path)) throw new Error(`page "${path}" is not found`);
  const query = Object.fromEntries(search.split("&").filter(Boolean).map((pair) => pair.split("=").map(decodeURIComponent)));
  return { path, query };
}

export function navigateTo(url) {
  const { path, query } = parse(url);
  if (isTab(path)) throw new Error("can not navigateTo a tabbar page");
  if (stack.length >= MOST_PAGES) throw new Error("webview count limit exceed");
  tell(current(), "onHide", "hide");
  show(push(path, query));
}

export function redirectTo(url) {
  const { path, query } = parse(url);
  if (isTab(path)) throw new Error("can not redirectTo a tabbar page");
  close(stack.pop());
  show(push(path, query));
}

export function reLaunch(url) {
  const { path, query } = parse(url);
  while (stack.length) close(stack.pop());
  for (const page of kept.values()) close(page);
  kept.clear();
  show(push(path, query));
}

export function switchTab(url) {
  const { path } = parse(url);
  if (!isTab(path)) throw new Error("can not switch to no-tabBar page");
  if (current() && current().path === path) return;
  const left = current();
  while (stack.length > 1 || (stack.length && !isTab(stack[0].path))) close(stack.pop());
  const [under] = stack;
  stack = [];
  if (under && under.path !== path) {
    if (under === left) tell(under, "onHide", "hide");
    under.frame.hidden = true;
  }
  const there = kept.get(path);
  if (there) stack.push(there);
  show(there || push(path, {}));
}

export function navigateBack(delta = 1) {
  if (stack.length < 2) throw new Error("cannot navigate back at first page");
  for (let left = Math.min(delta, stack.length - 1); left > 0; left -= 1) close(stack.pop());
  show(current());
}

export function go(kind, url, delta) {
  const ways = { navigate: navigateTo, redirect: redirectTo, switchTab, reLaunch, navigateBack: () => navigateBack(delta) };
  if (!(kind in ways)) throw new Error(`<navigator open-type="${kind}"> is not known to this phone`);
  ways[kind](url);
}

function push(path, query) {
  const own = settings(path);
  const scroller = el("div", { class: "wx-page", "data-page": path });
  const frame = el("div", { class: "frame" }, scroller);
  const placeholder = el("span");
  scroller.append(placeholder);
  byId("pages").append(frame);
  const root = createPage(path);
  const caller = root.get();
  Object.assign(caller, { route: path, options: query });
  const title = own.navigationBarTitleText || (settings("app").window || {}).navigationBarTitleText || "";
  const page = { path, query, frame, scroller, root, caller, settings: own, title, isReady: false, isLow: false };
  stack.push(page);
  if (isTab(path)) kept.set(path, page);
  root.attach(scroller, placeholder);
  scroller.addEventListener("scroll", () => scrolled(page));
  tell(page, "onLoad", null, query);
  return page;
}

function show(page) {
  leaveSheets();
  for (const other of document.querySelectorAll("#pages > .frame")) other.hidden = other !== page.frame;
  drawTabs(page.path, (url) => switchTab(url));
  drawBar(page, stack.length - 1);
  remember(page);
  if (page !== current()) return; // its onLoad went elsewhere
  tell(page, "onShow", "show");
  if (!page.isReady) {
    page.isReady = true;
    requestAnimationFrame(() => tell(page, "onReady", null));
  }
}

function close(page) {
  if (!page) return;
  kept.delete(page.path);
  tell(page, "onUnload", null);
  page.root.release();
  page.frame.remove();
}

function remember(page) {
  const at = new URL(location.href);
  const query = Object.entries(page.query).map((pair) => pair.map(encodeURIComponent).join("="));
  at.searchParams.set("path", [page.path, query.join("&")].filter(Boolean).join("?"));
  history.replaceState(null, "", at);
}

function tell(page, name, life, ...args) {
  if (!page) return undefined;
  if (life) page.root.getComponent().triggerPageLifetime(life, args);
  if (typeof page.caller[name] !== "function") return undefined;
  try {
    return page.caller[name](...args);
  } catch (error) {
    console.error(`${page.path} ${name}: ${error.stack || error}`);
    return undefined;
  }
}

function scrolled(page) {
  const { scrollTop, scrollHeight, clientHeight } = page.scroller;
  tell(page, "onPageScroll", null, { scrollTop });
  const wasLow = page.isLow;
  page.isLow = scrollHeight - clientHeight - scrollTop <= REACH;
  if (page.isLow && !wasLow) tell(page, "onReachBottom", null);
}

export function setTitle(title) {
  current().title = title;
  drawBar(current(), stack.length - 1);
}

export function refresh() {
  if (!current().settings.enablePullDownRefresh) return;
  current().frame.classList.add("pulled");
  tell(current(), "onPullDownRefresh", null);
}

export const stopRefresh = () => current().frame.classList.remove("pulled");

// How the shown page's cards are to be sent from now on, as wx.updateShareMenu says.
export function setShareMenu(options) {
  current().shareMenu = options;
}

// What the capsule's 转发 or a share button hands to friends: {title, path, imageUrl?}.
export async function shareCurrent(how) {
  const page = current();
  if (typeof page.caller.onShareAppMessage !== "function") return toast({ title: "当前页面不能转发", icon: "none" });
  const given = (await tell(page, "onShareAppMessage", null, how)) || {};
  if (given.path && !given.path.startsWith("/")) console.error(`${page.path} shares "${given.path}", which begins without a slash`);
  const card = { title: given.title || page.title, path: (given.path || page.path).replace(/^\//, "") };
  parse(`/${card.path}`);
  return post(card, page.shareMenu);
}

export function pullToRefresh() {
  let from = null;
  byId("pages").addEventListener("touchstart", (event) => {
    from = current().scroller.scrollTop <= 0 ? event.touches[0].clientY : null;
  }, { passive: true });
  byId("pages").addEventListener("touchend", (event) => {
    if (from !== null && event.changedTouches[0].clientY - from > 90) refresh();
    from = null;
  });
}

// All pages that are there hear that the phone was put away or taken up again.
export const tellShown = (whether) => tell(current(), whether ? "onShow" : "onHide", whether ? "show" : "hide");
