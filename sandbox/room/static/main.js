// Keeps the page current and sends what the chosen person says and presses.

import { get, post } from "./api.js";
import { clearLines, drawLines } from "./chat.js";
import { ask, avatar, byId, el, moment, sendsOnEnter, toast } from "./dom.js";
import { openPage, refreshPanel, setupPanels } from "./panels.js";
import { keepPhones } from "./phones.js";
import { drawPeople, setupStage } from "./stage.js";

// ?as=张阿姨&room=1&tab=phone&order=ord_… opens the page there; else where this browser left it
const wanted = new URLSearchParams(location.search);
const state = {
  me: wanted.get("as") || localStorage.getItem("me") || "",
  room: Number(wanted.get("room") || localStorage.getItem("room")) || 0,
  seq: 0, rooms: [], seen: {},
};
let mention = true;
const { attempt, tick } = setupStage(state, async () => { await refresh(); await refreshPanel(state); },
  () => open(current()?.kind === "single" ? 0 : state.room));

const current = () => state.rooms.find((room) => room.room_id === state.room);

async function refresh() {
  const room = state.room;
  const view = await get("/room/view", { as: state.me, room, after: state.seq });
  if (room !== state.room) return;
  state.rooms = view.rooms;
  byId("now").textContent = moment(view.now);
  drawPeople(state, view.people);
  if (!current() && state.rooms.length) return open(state.rooms[0].room_id);
  if (view.lines.length) state.seq = Math.max(...view.lines.map((line) => line.seq));
  state.seen[state.room] = state.seq;
  drawHead(); // before the lines, for it takes its room from theirs
  drawLines(view.lines, state.me, press);
  drawRooms();
  keepPhones(state.me, current() && current().kind !== "single" ? current().members : view.people);
}

function drawRooms() {
  byId("rooms").replaceChildren(...state.rooms.map((room) => el("button", {
    className: "room", "aria-current": String(room.room_id === state.room), onclick: () => open(room.room_id),
  },
  room.kind === "single" ? avatar("邻", true) : el("div", { className: "avatar group" }, "群"),
  el("span", {}, el("b", {}, title(room)), el("small", {}, room.last || "还没有人说话")),
  room.seq > (state.seen[room.room_id] || 0) && room.room_id !== state.room && el("i", { className: "dot" }))));
}

const title = (room) => (room.kind === "single" ? "小邻（单聊）" : room.name);

function drawHead() {
  const room = current();
  byId("room-name").textContent = room ? title(room) : "邻团沙盒";
  const inside = room && (room.kind === "single" || room.members.includes(state.me));
  const parts = room && room.kind !== "single" ? [`${room.members.length} 人：${room.members.join("、")}`] : [];
  if (room && !inside && state.me) parts.push(el("button", { className: "quiet", onclick: () => join(room) }, `让${state.me}进群`));
  if (room?.kind === "wecom" && !room.robot_key) {
    parts.push(el("button", { className: "quiet", onclick: () => addRobot(room) }, "添群机器人"));
  }
  if (room?.robot_key) parts.push(el("button", { className: "quiet", onclick: () => copyKey(room) }, "复制机器人 key"));
  byId("room-members").replaceChildren(...parts);
  byId("mention").hidden = room?.kind !== "wecom";
  for (const field of byId("speak").elements) field.disabled = !inside;
}

function open(roomId) {
  Object.assign(state, { room: roomId, seq: 0 });
  localStorage.setItem("room", roomId);
  clearLines();
  return tick();
}

const join = (room) => attempt(() => post(`/control/rooms/${room.room_id}/members`, { person: state.me }));
const addRobot = (room) => attempt(() => post(`/control/rooms/${room.room_id}/robot`));
const copyKey = (room) => attempt(async () => {
  await navigator.clipboard.writeText(room.robot_key);
  toast(`已复制 ${room.robot_key}`);
});

async function press(button, line, key, selected) {
  button.disabled = true;
  await attempt(() => post(`/control/rooms/${state.room}/click`, { person: state.me, message_id: line.message_id, key, selected }));
  button.disabled = false;
}

async function speak() {
  const text = byId("text").value.trim();
  const room = current();
  if (!text || !room) return;
  byId("text").value = "";
  await attempt(() => (room.kind === "single"
    ? post("/control/dm", { person: state.me, text })
    : post(`/control/rooms/${room.room_id}/say`, { person: state.me, text, mention })));
}

byId("speak").addEventListener("submit", (event) => { event.preventDefault(); speak(); });
sendsOnEnter(byId("text"));
byId("mention").addEventListener("click", () => {
  mention = !mention;
  byId("mention").setAttribute("aria-pressed", String(mention));
});
byId("new-room").addEventListener("click", async () => {
  const wish = await ask("新建群聊", [{ name: "name", label: "群名" }, { name: "members", label: "成员（顿号隔开）", value: state.me }]);
  if (wish) attempt(async () => {
    const room = await post("/control/rooms", { name: wish.name, members: wish.members.split(/[、,，\s]+/).filter(Boolean) });
    Object.assign(state, { room: room.room_id, seq: 0 });
    clearLines();
  });
});
setupPanels(state, wanted.get("tab"));
tick().then(() => wanted.get("order") && openPage(state, `pages/order/order?id=${wanted.get("order")}`));
