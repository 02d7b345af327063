// The lines of one room: bubbles, cards, the platform's own notices.

import { avatar, byId, clockTime, el, linked, moment } from "./dom.js";
import { drawCard } from "./card.js";

export function drawLines(lines, me, press) {
  const box = byId("lines");
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  for (const line of lines) {
    const drawn = drawLine(line, me, press);
    const old = box.querySelector(`[data-id="${line.message_id}"]`);
    if (old) old.replaceWith(drawn);
    else box.append(...[divider(box, line), drawn].filter(Boolean));
  }
  if (lines.length && atEnd) box.scrollTop = box.scrollHeight;
}

export function clearLines() {
  byId("lines").replaceChildren();
}

// a grey time between lines that lie more than five minutes apart
function divider(box, line) {
  const last = box.querySelector(".line:last-child");
  const gap = last ? new Date(line.at) - new Date(last.dataset.at) : Infinity;
  return Math.abs(gap) > 300000 ? el("p", { className: "when" }, moment(line.at)) : null;
}

function drawLine(line, me, press) {
  const mark = { "data-id": line.message_id, "data-at": line.at };
  if (line.via === "platform") {
    return el("div", { ...mark, className: `line notice ${line.kind}` }, el("span", {}, line.text));
  }
  const robot = line.via !== "person";
  const body = line.kind === "card" ? drawCard(line, press) : el("div", { className: "bubble" }, ...linked(line.text));
  return el("div", { ...mark, className: `line ${line.from === me && !robot ? "mine" : ""}` },
    avatar(line.from, robot),
    el("div", { className: "said" },
      el("p", { className: "name" }, line.from,
        robot && el("i", {}, line.via === "webhook" ? "群机器人" : "机器人"),
        el("time", {}, clockTime(line.at)), line.edited && el("em", {}, "已更新")),
      line.quote && el("p", { className: "quote" }, line.quote),
      body));
}
