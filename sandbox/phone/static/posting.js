// 转发: who holds the phone sends the shown page as a card to a group of neighbours; the card may count by itself.

import { call, el } from "./dom.js";
import { sheet, toast } from "./sheets.js";
import { about } from "./wx/device.js";

// What the group's page takes: the card alone, or with the activity under which the server keeps its count current.
function ticket(card, menu) {
  if (!menu || !menu.isUpdatableMessage) return { mode: "plain", ...card };
  const { templateId, parameterList } = menu.templateInfo;
  return { mode: "updatable", ...card, activity_id: menu.activityId, template_id: templateId, parameter_list: parameterList };
}

export async function post(card, menu) {
  const { groups } = await call("/phone/groups");
  const chosen = await sheet({
    title: "转发给朋友", no: "关闭", rows: groups.map((name) => ({ label: name, value: name })),
    body: [el("p", { class: "card" }, card.title), el("p", { class: "small" }, card.path)],
  });
  if (chosen === null) return;
  try {
    await call(`/control/wx-groups/${encodeURIComponent(chosen)}/share`, { person: about.holder.name, ticket: ticket(card, menu) });
    toast({ title: "已发送" });
  } catch (error) {
    toast({ title: `没有发出：${error.message}`, icon: "none", duration: 3000 });
  }
}
