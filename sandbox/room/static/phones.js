// The phones beside the talk: the one of who speaks, and on wide screens a neighbour's as well.

import { byId, el } from "./dom.js";

const WIDE = matchMedia("(min-width: 1280px)");
const FIRST = "pages/home/home";
const address = (person, path, card) => `/phone?${new URLSearchParams({ as: person, path, ...(card && { card }) })}`;
const frames = () => [...byId("phones").children];

// Its own switch may have handed the phone to somebody else.
function holder(frame) {
  const shown = frame.contentWindow && new URLSearchParams(frame.contentWindow.location.search).get("as");
  return shown || frame.dataset.person;
}

function give(frame, person, path, card) {
  frame.dataset.person = person;
  frame.title = `${person}的手机`;
  frame.src = address(person, path, card);
}

// Keeps as many phones as there is room for: one of `me`, the other of the first of `others` who holds none.
export function keepPhones(me, others) {
  if (!me || byId("phones").hidden) return;
  const wanted = WIDE.matches && others.some((name) => name !== me) ? 2 : 1;
  while (frames().length > wanted) frames().pop().remove();
  while (frames().length < wanted) {
    const held = frames().map(holder);
    const frame = el("iframe", { allow: "camera; clipboard-write" });
    give(frame, held.includes(me) ? others.find((name) => !held.includes(name)) : me, FIRST);
    byId("phones").append(frame);
  }
  if (!frames().some((frame) => holder(frame) === me)) give(frames()[0], me, FIRST);
  for (const frame of frames()) frame.classList.toggle("mine", holder(frame) === me);
}

// Opens a page of the mini-program in the phone of who speaks; `card` is the number of the shared card pressed for it.
export function openInPhone(me, path, card) {
  keepPhones(me, []);
  const frame = frames().find((one) => holder(one) === me);
  const phone = frame.contentDocument && frame.contentDocument.querySelector("#phone[data-ready]");
  if (phone) frame.contentWindow.postMessage({ open: path, card }, location.origin);
  else give(frame, me, path, card);
}

// The page that a link of the product stands for, null for any other link.
export function pageOf(href) {
  const { pathname } = new URL(href, location.href);
  const [, kind, id] = pathname.match(/^\/m\/(campaigns|orders)(?:\/(\w+))?$/) || [];
  if (kind === "campaigns" && id) return `pages/campaign/campaign?id=${id}`;
  if (kind !== "orders") return null;
  return id ? `pages/order/order?id=${id}` : "pages/orders/orders";
}
