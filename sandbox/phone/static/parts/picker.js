// picker: a sheet with a list, a day, a time, or several columns.

import { el } from "../dom.js";
import { sheet } from "../sheets.js";
import { host, joinForm, listen } from "./host.js";

const MODES = { selector: fromList, date: byClock("date"), time: byClock("time"), multiSelector: fromColumns };

export const picker = () => ({
  properties: {
    mode: { type: String, value: "selector" }, range: { type: Array, value: [] }, rangeKey: String,
    value: { type: null, value: null }, start: String, end: String, fields: String, headerText: String, disabled: Boolean, name: String,
  },
  lifetimes: {
    attached() {
      host(this).setAttribute("aria-haspopup", "dialog");
      joinForm(this, { name: () => this.data.name, value: () => this.data.value, reset: () => this.setData({ value: null }) });
      listen(this, "tap", async () => {
        if (this.data.disabled) return;
        const chosen = await MODES[this.data.mode](this);
        if (chosen === null) return this.triggerEvent("cancel", {});
        this.setData({ value: chosen });
        this.triggerEvent("change", { value: chosen });
      });
    },
  },
  observers: { mode(mode) { if (!(mode in MODES)) console.error(`<picker mode="${mode}"> is not known to this phone`); } },
});

const label = (component, one) => String(component.data.rangeKey ? one[component.data.rangeKey] : one);
const heading = (component) => component.data.headerText || "请选择";

function fromList(component) {
  return sheet({
    title: heading(component),
    rows: component.data.range.map((one, at) => ({ label: label(component, one), value: String(at), on: at === Number(component.data.value) })),
  });
}

function byClock(type) {
  return (component) => {
    const { value, start, end } = component.data;
    const field = el("input", { type, value: value || "", min: start, max: end, "aria-label": heading(component) });
    return sheet({ title: heading(component), body: [field], done: () => field.value || null });
  };
}

function fromColumns(component) {
  const before = Array.isArray(component.data.value) ? component.data.value : [];
  const chosen = component.data.range.map((_, column) => Number(before[column] || 0));
  const lists = component.data.range.map((_, column) => {
    const list = el("select", { "aria-label": `第 ${column + 1} 列` });
    list.addEventListener("change", () => {
      chosen[column] = Number(list.value);
      component.triggerEvent("columnchange", { column, value: chosen[column] });
      requestAnimationFrame(fill);
    });
    return list;
  });
  function fill() { // the page may change the other columns when one moves
    component.data.range.forEach((column, at) => {
      chosen[at] = Math.min(chosen[at], Math.max(column.length - 1, 0));
      lists[at].replaceChildren(...column.map((one, row) => el("option", { value: row, selected: row === chosen[at] }, label(component, one))));
    });
  }
  fill();
  return sheet({ title: heading(component), body: [el("div", { class: "columns" }, ...lists)], done: () => [...chosen] });
}
