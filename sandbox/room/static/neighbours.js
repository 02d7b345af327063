// A WeChat group of real neighbours: people post cards by their own tap, and the cards change where they stand.

import { get, post } from "./api.js";
import { ask, avatar, byId, clockTime, el, moment, toast } from "./dom.js";
import { openPage, refreshPanel, setupPanels } from "./panels.js";
import { keepPhones } from "./phones.js";
import { drawPeople, setupStage } from "./stage.js";

// ?as=张阿姨&group=7号楼邻居群 opens the page there; else where this browser left it
const wanted = new URLSearchParams(location.search);
const state = {
  me: wanted.get("as") || localStorage.getItem("me") || "",
  group: wanted.get("group") || localStorage.getItem("group") || "",
  shown: "", offered: "",
};
const { attempt, tick } = setupStage(state, async () => { await refresh(); await refreshPanel(state); }, () => {
  state.offered = "";
  return tick();
});

const path = (what) => `/control/wx-groups/${encodeURIComponent(state.group)}/${what}`;

async function refresh() {
  const { me, group } = state;
  const view = await get("/neighbours/view", { as: me, group });
  if (me !== state.me || group !== state.group) return;
  byId("now").textContent = moment(view.now);
  drawPeople(state, view.people);
  const here = view.groups.find((one) => one.name === group);
  if (!here && view.groups.length) return open(view.groups[0].name);
  drawGroups(view.groups);
  byId("group-name").textContent = here ? here.name : "邻居群";
  byId("group-members").textContent = here ? `${here.members.length} 人：${here.members.join("、")} · 群里没有机器人` : "";
  for (const field of byId("share").elements) field.disabled = !here;
  drawLines(view.lines);
  keepPhones(me, here ? here.members : view.people);
  if (me) await offerCampaigns();
}

function drawGroups(groups) {
  byId("groups").replaceChildren(...groups.map((group) => el("button", {
    className: "room", "aria-current": String(group.name === state.group), onclick: () => open(group.name),
  },
  el("div", { className: "avatar group" }, "群"),
  el("span", {}, el("b", {}, group.name), el("small", {}, group.last || "还没有人转发卡片")))));
}

// Redraws everything when anything changed, for a card changes where it stands.
function drawLines(lines) {
  const key = JSON.stringify([state.me, state.group, lines]);
  if (key === state.shown) return;
  state.shown = key;
  const box = byId("lines");
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  const drawn = lines.map((line) => (line.kind === "card" ? cardLine(line) : greyLine(line)));
  box.replaceChildren(...(lines.length ? drawn : [el("p", { className: "empty" }, "选一个团，用自己的手机转发到群里")]));
  if (atEnd) box.scrollTop = box.scrollHeight;
}

const greyLine = (line) => el("div", { className: "line notice" }, el("span", {}, line.text));

function cardLine(line) {
  const { card } = line;
  return el("div", { className: `line ${card.sharer === state.me ? "mine" : ""}` },
    avatar(card.sharer),
    el("div", { className: "said" },
      el("p", { className: "name" }, card.sharer, el("time", {}, clockTime(line.at))),
      drawCard(card)));
}

function drawCard(card) {
  const updatable = card.kind === "updatable";
  const over = card.state === (updatable ? 2 : 3);
  return el("article", { className: "card shared" },
    el("p", { className: "source" }, "小程序 · 邻团"),
    el("h3", {}, card.title),
    card.words && el("p", { className: over ? "count over" : "count" }, card.words),
    facts({ 已参与: card.named, 点开过: card.opened, 等提醒: card.reminds }),
    el("div", { className: "buttons" },
      el("button", { className: "style1", onclick: () => openCard(card) }, "打开"),
      updatable && card.state === 0 && el("button", { disabled: card.reminds.includes(state.me), onclick: () => remind(card) }, "提醒我")));
}

function facts(named) {
  const rows = Object.entries(named).filter(([, names]) => names.length);
  return rows.length > 0 && el("dl", {}, ...rows.flatMap(([word, names]) => [el("dt", {}, word), el("dd", {}, names.join("、"))]));
}

const openCard = (card) => attempt(async () => {
  const opened = await post(path("open"), { person: state.me, card: card.card });
  openPage(state, opened.page.replace(/^\//, ""), card.card);
});

const remind = (card) => attempt(async () => {
  await post(path("remind"), { person: state.me, card: card.card });
  toast("卡片到齐或结束时会提醒一次");
});

function open(name) {
  state.group = name;
  localStorage.setItem("group", name);
  return tick();
}

// What the person can share, asked once for each person.
async function offerCampaigns() {
  if (state.offered === state.me) return;
  state.offered = state.me;
  const told = await get(`/control/people/${encodeURIComponent(state.me)}/campaigns`).catch(() => ({ campaigns: [] }));
  const options = told.campaigns.map((campaign) => el("option", { value: campaign.id }, campaign.title));
  byId("campaign").replaceChildren(...(options.length ? options : [el("option", { value: "" }, "现在没有可以转发的团")]));
}

byId("campaign").addEventListener("focus", () => { state.offered = ""; });
byId("share").addEventListener("submit", (event) => {
  event.preventDefault();
  const [campaign, mode] = [byId("campaign").value, byId("mode").value];
  if (campaign) attempt(() => post(path("share"), { person: state.me, campaign, mode }));
});
byId("new-group").addEventListener("click", async () => {
  const wish = await ask("新建邻居群", [{ name: "name", label: "群名" }]);
  if (wish) attempt(async () => {
    await get(`/control/wx-groups/${encodeURIComponent(wish.name)}`);
    await open(wish.name);
  });
});

setupPanels(state, wanted.get("tab") || "phone");
tick();
