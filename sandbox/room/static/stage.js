// What both pages have around the talk: who holds the phone, the clock, and the beat that keeps a page current.

import { post } from "./api.js";
import { ask, avatar, byId, el, moment, toast } from "./dom.js";

const POLL_MS = 1200;

export function drawPeople(state, names) {
  const list = byId("person");
  if ([...list.options].map((option) => option.value).join("\n") !== names.join("\n")) {
    list.replaceChildren(...names.map((name) => el("option", { value: name }, name)));
  }
  if (!names.includes(state.me)) state.me = names[0] || "";
  list.value = state.me;
  const shown = avatar(state.me || "？");
  byId("my-avatar").className = shown.className;
  byId("my-avatar").textContent = shown.textContent;
}

// Runs `refresh` now, on every beat and after each attempt; `choose` hears of another person.
export function setupStage(state, refresh, choose) {
  let busy = false;
  async function tick() {
    if (busy) return;
    busy = true;
    try {
      await refresh();
    } catch (error) {
      toast(`沙盒没有回应：${error.message}`, true);
    } finally {
      busy = false;
    }
  }
  async function attempt(work) {
    try { await work(); } catch (error) { toast(error.message, true); }
    await tick();
  }
  byId("person").addEventListener("change", (event) => {
    state.me = event.target.value;
    localStorage.setItem("me", state.me);
    choose();
  });
  byId("new-person").addEventListener("click", async () => {
    const wish = await ask("添一个人", [{ name: "name", label: "名字" }]);
    if (wish) attempt(() => post("/control/people", wish));
  });
  document.querySelector(".clock").addEventListener("click", (event) => {
    const seconds = Number(event.target.dataset.advance);
    if (seconds) attempt(async () => {
      const moved = await post("/control/clock", { advance_seconds: seconds });
      toast(`现在是 ${moment(moved.now)}`);
    });
  });
  setInterval(() => { if (!document.hidden) tick(); }, POLL_MS);
  return { attempt, tick };
}
