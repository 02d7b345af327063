// Every control a form may hold, and what it says when it changes.
Page({
  data: { name: "", note: "", on: false, kind: "a", ticked: [], place: 0, places: ["东门", "西门"], day: "2026-06-01", sent: "" },
  typed(event) {
    this.setData({ name: event.detail.value });
  },
  noted(event) {
    this.setData({ note: event.detail.value });
  },
  switched(event) {
    this.setData({ on: event.detail.value });
  },
  chosen(event) {
    this.setData({ kind: event.detail.value });
  },
  ticking(event) {
    this.setData({ ticked: event.detail.value });
  },
  placed(event) {
    this.setData({ place: Number(event.detail.value) });
  },
  dated(event) {
    this.setData({ day: event.detail.value });
  },
  send(event) {
    this.setData({ sent: JSON.stringify(event.detail.value) });
  },
});
