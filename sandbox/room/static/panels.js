// The panels on the right: the phones, and what only a stage hand sees: messages, cashier, ledger, knobs.

import { get, post } from "./api.js";
import { byId, el, linked, moment, sendsOnEnter, toast, yuan } from "./dom.js";
import { pay } from "./paying.js";
import { openInPhone, pageOf } from "./phones.js";

const drawers = { phone: null, messages: drawMessages, pay: drawPay, ledger: drawLedger, knobs: drawKnobs };
let open = "phone";
let shown = "";

export function setupPanels(state, tab) {
  select(tab in drawers ? tab : open);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const page = link && pageOf(link.href);
    if (!page) return;
    event.preventDefault();
    openPage(state, page);
  });
  byId("tabs").addEventListener("click", (event) => {
    const tab = event.target.dataset.tab;
    if (!tab) return;
    unfold(tab !== open || !byId("panel").closest(".unfolded"));
    select(tab);
    refreshPanel(state, true);
  });
}

// Opens a page of the mini-program in the phone of whoever is chosen.
export function openPage(state, page, card) {
  if (!state.me) return toast("先选一个人", true);
  unfold(true);
  select("phone");
  openInPhone(state.me, page, card);
}

// matters on a phone only, where the panel lies folded under its tabs
const unfold = (whether) => byId("panel").parentElement.classList.toggle("unfolded", whether);

function select(tab) {
  open = tab;
  byId("phones").hidden = tab !== "phone";
  byId("panel").hidden = tab === "phone";
  document.body.classList.toggle("with-phones", tab === "phone");
  for (const button of byId("tabs").children) button.setAttribute("aria-selected", String(button.dataset.tab === tab));
}

// Redraws when the data changed, never while somebody types in the panel.
export async function refreshPanel(state, force = false) {
  const tab = open;
  if (!drawers[tab]) return;
  const panel = byId("panel");
  if (!force && panel.contains(document.activeElement) && document.activeElement.matches("input, textarea")) return;
  const { data, draw } = await drawers[tab](state);
  const key = JSON.stringify([tab, state.me, data]);
  if (tab !== open || (key === shown && !force)) return;
  shown = key;
  panel.replaceChildren(...draw().filter(Boolean));
}

const empty = (text) => el("p", { className: "empty" }, text);
const attempt = (work) => work().catch((error) => toast(error.message, true));

async function drawPay(state) {
  const data = state.me ? (await get("/control/pending-orders", { name: state.me })).orders : [];
  const act = (work) => attempt(async () => { await work(); await refreshPanel(state, true); });
  const draw = () => {
    const box = el("textarea", { rows: 4, placeholder: "粘贴 wx.requestPayment 的参数（JSON）" });
    const paste = () => act(async () => {
      let params;
      try { params = JSON.parse(box.value); } catch { throw new Error("不是 JSON"); }
      await pay(state.me, { params });
    });
    return [
      el("h2", {}, `${state.me || "谁"} 的付款单`),
      data.length ? null : empty("没有待付款的单"),
      ...data.map((order) => el("section", { className: "sheet" },
        el("p", {}, order.description),
        el("strong", {}, yuan(order.total_fen)),
        el("p", { className: "small" }, `${moment(order.expires_at)} 前有效 · ${order.out_trade_no}`),
        el("button", { className: "primary wide", onclick: () => act(() => pay(state.me, { prepay_id: order.prepay_id })) }, "付款"))),
      el("details", {}, el("summary", {}, "用付款参数付款"), box,
        el("button", { className: "wide", onclick: paste }, "付款")),
    ];
  };
  return { data, draw };
}

async function drawMessages(state) {
  if (!state.me) return { data: null, draw: () => [empty("先选一个人")] };
  const [notes, chat] = await Promise.all([
    get("/control/subscribe-messages", { name: state.me }),
    get(`/control/customer/${encodeURIComponent(state.me)}`),
  ]);
  const data = { notes: notes.messages, chat: chat.messages };
  const call = (what, body) => attempt(async () => {
    const told = await post(`/control/customer/${encodeURIComponent(state.me)}/${what}`, body);
    if (!told.delivered) toast("客服没有收到", true);
    refreshPanel(state, true);
  });
  const draw = () => {
    const input = el("textarea", { rows: 1, placeholder: "给客服发消息", "aria-label": "给客服发消息" }); // lists are pasted whole
    const form = el("form", { className: "row" }, input, el("button", { className: "primary" }, "发送"));
    sendsOnEnter(input);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (input.value.trim()) call("say", { text: input.value.trim() });
    });
    return [
      byId("text") && el("button", { className: "quiet wide", onclick: () => attempt(() => takeCode(state.me)) }, "绑定群聊：拿 6 位码"),
      el("h2", {}, "服务通知"),
      data.notes.length ? null : empty("还没有订阅消息"),
      ...data.notes.toReversed().map((note) => el("section", {
        className: "sheet note", onclick: () => note.page && openPage(state, note.page.replace(/^\//, "")),
      },
      el("p", { className: "small" }, `${note.title} · ${moment(note.sent_at)}`),
      ...note.lines.map((text) => el("p", {}, text)),
      note.page && el("p", { className: "small" }, note.page))),
      el("h2", {}, "小程序客服"),
      el("div", { className: "service" }, ...data.chat.map((line) => line.kind === "enter"
        ? el("p", { className: "when" }, `${moment(line.at)} 进入会话`)
        : el("p", { className: line.kind }, ...linked(line.text)))),
      form,
      el("button", { className: "quiet wide", onclick: () => call("enter", {}) }, "进入客服会话"),
    ];
  };
  return { data, draw };
}

// 我的 → 绑定群聊; the words lie ready to be sent
async function takeCode(me) {
  const { code } = await post(`/control/people/${encodeURIComponent(me)}/chat-code`);
  byId("text").value = `绑定 ${code}`;
  toast(`绑定码 ${code}，已填进输入框，发出去就绑定`);
}

const REFUND_STATES = { PROCESSING: "退款中", SUCCESS: "已退", ABNORMAL: "异常", CLOSED: "已关闭" };

async function drawLedger() {
  const [data, { people }] = await Promise.all([get("/control/ledger"), get("/control/people")]);
  const names = Object.fromEntries(people.map((person) => [person.openid, person.name]));
  const payers = Object.fromEntries(data.payments.map((row) => [row.out_trade_no, names[row.openid] || ""]));
  const entries = [
    ...data.payments.map((row) => ({
      what: `收款 ${payers[row.out_trade_no]}`, number: row.out_trade_no, fen: row.total_fen, note: moment(row.success_time),
    })),
    ...data.refunds.map((row) => ({
      what: `退给 ${payers[row.out_trade_no] || ""}`, number: row.out_refund_no, fen: -row.refund_fen, note: REFUND_STATES[row.state],
    })),
  ];
  const draw = () => [
    el("h2", {}, "支付方的账"),
    el("div", { className: "sums" },
      sum("收款", data.received_fen), sum("退款", -data.refunded_fen), sum("净额", data.net_fen)),
    el("p", { className: data.balanced ? "small" : "small bad" }, data.balanced ? "借贷相等" : "借贷不等！"),
    entries.length ? null : empty("还没有一笔钱"),
    el("ul", { className: "entries" }, ...entries.toReversed().map((entry) => el("li", { className: entry.fen < 0 ? "out" : "" },
      el("span", {}, entry.what, el("small", {}, entry.note), el("small", {}, entry.number)),
      el("b", {}, yuan(entry.fen))))),
  ];
  return { data, draw };
}

const sum = (label, fen) => el("div", {}, el("small", {}, label), el("b", {}, yuan(fen)));

async function drawKnobs(state) {
  const [chat, pay] = await Promise.all([get("/control/chat-knobs"), get("/control/knobs")]);
  const data = { chat, pay };
  const draw = () => [
    el("p", { className: "small" }, "让平台不那么可靠。改了就生效，直到复位。"),
    ...knobGroup("聊天", "/control/chat-knobs", chat, state),
    ...knobGroup("支付与小程序", "/control/knobs", pay, state),
  ];
  return { data, draw };
}

function knobGroup(title, path, { knobs, about }, state) {
  const turn = (body) => attempt(async () => { await post(path, body); refreshPanel(state, true); });
  return [
    el("h2", {}, title, el("button", { className: "quiet", onclick: () => turn({ reset: true }) }, "复位")),
    ...Object.entries(knobs).map(([name, value]) => {
      const { doc, words = [], default: rest } = about[name];
      const input = words.length
        ? el("select", {}, ...words.map((word) => el("option", { selected: word === value }, word)))
        : el("input", { value, size: 8 });
      input.addEventListener("change", () => turn({ [name]: typeof rest === "number" ? Number(input.value) : input.value }));
      return el("label", { className: value === rest ? "knob" : "knob turned" },
        el("span", {}, name, el("small", {}, doc)), input);
    }),
  ];
}
