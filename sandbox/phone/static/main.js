// Boots the phone: reads the mini-program, compiles it, launches App and opens the first page for who holds the phone.

import { byId, el } from "./dom.js";
import { drawTabs, fit, holders } from "./frame.js";
import { watchTaps } from "./gesture.js";
import * as pages from "./pages.js";
import { templates } from "./parts/all.js";
import { readProgram, settings } from "./program.js";
import { runApp, setUp } from "./registry.js";
import { sheet } from "./sheets.js";
import { addAppStyle, takeInlineLengths } from "./styles.js";
import { compileAll } from "./templates.js";
import { swallowStrayClicks } from "./touch.js";
import { wx } from "./wx/all.js";
import { call } from "./wx/calling.js";
import { about } from "./wx/device.js";
import { changeSettings } from "./wx/permits.js";
import { storageOf } from "./wx/storage.js";

const wanted = new URLSearchParams(location.search);
let app = null;

function hand(name) {
  const at = new URL(location.href);
  at.searchParams.set("as", name);
  location.href = at;
}

async function start() {
  fit();
  const [{ person, appid, people }] = await Promise.all([holders(wanted.get("as") || "", hand), readProgram()]);
  if (!person) return chooseHolder(people);
  about.holder = person;
  about.appId = appid;
  about.card = Number(wanted.get("card")) || null;
  about.type = Number(wanted.get("type")) || about.type;
  storageOf(person.name);
  document.title = `${person.name}的手机`;
  await compileAll(templates);
  takeInlineLengths();
  swallowStrayClicks();
  watchTaps();
  addAppStyle();
  setUp({ wx, getApp: () => app, getCurrentPages: pages.callers });
  buttons();
  launch();
}

function launch() {
  const [path, query] = opened();
  const options = { path, query, ...entry() };
  runApp((definition) => { app = definition; });
  if (app.onLaunch) call(app.onLaunch.bind(app), options);
  if (app.onShow) call(app.onShow.bind(app), options);
  open(wanted.get("path") || settings("app").pages[0]);
  byId("phone").dataset.ready = "yes";
}

// How the mini-program was entered: from its own icon, or by a card in a group.
function entry() {
  if (!about.card) return { scene: 1001, referrerInfo: {} };
  return { scene: 1044, shareTicket: String(about.card), referrerInfo: {} };
}

// The room beside this frame opens what was pressed there, a card by its number.
function opens({ open: path, card }) {
  about.card = Number(card) || null;
  if (app.onShow) call(app.onShow.bind(app), entry());
  open(path);
}

function opened() {
  try {
    const { path, query } = pages.parse(`/${wanted.get("path") || settings("app").pages[0]}`);
    return [path, query];
  } catch {
    return [settings("app").pages[0], {}];
  }
}

function open(path) {
  try {
    pages.reLaunch(`/${path.replace(/^\//, "")}`);
  } catch (error) {
    console.error(error.stack || error);
    if (!pages.current()) pages.reLaunch(`/${settings("app").pages[0]}`);
  }
}

function chooseHolder(people) {
  drawTabs("", () => {});
  return sheet({ title: "这是谁的手机？", rows: people.map((one) => ({ label: one.name, value: one.name })), no: "" }).then((name) => name && hand(name));
}

function buttons() {
  byId("back").addEventListener("click", () => pages.navigateBack());
  byId("home").addEventListener("click", () => open(settings("app").pages[0]));
  byId("again").addEventListener("click", () => pages.refresh());
  byId("more").addEventListener("click", async () => {
    const chosen = await sheet({ label: "更多", rows: [{ label: "转发给朋友", value: "share" }, { label: "设置", value: "settings" }, { label: "重新进入小程序", value: "again" }] });
    if (chosen === "share") pages.shareCurrent({ from: "menu" });
    if (chosen === "settings") changeSettings();
    if (chosen === "again") location.reload();
  });
  pages.pullToRefresh();
  document.addEventListener("visibilitychange", () => {
    if (!app) return;
    const told = document.hidden ? app.onHide : app.onShow;
    if (told) call(told.bind(app), {});
    pages.tellShown(!document.hidden);
  });
  addEventListener("message", (event) => {
    if (event.origin === location.origin && event.data && typeof event.data.open === "string") opens(event.data);
  });
}

start().catch((error) => {
  console.error(error.stack || error);
  byId("pages").replaceChildren(el("p", { class: "broken" }, `手机没有开机：${error.message}`));
});
