// Draws a template card as WeCom would, with its selectors and buttons alive.

import { el, toast } from "./dom.js";

export function drawCard(line, press) {
  const card = line.card;
  const chosen = {};
  const live = line.via !== "webhook";
  return el("article", { className: "card", onclick: (event) => follow(event, card.card_action) },
    card.source?.desc && el("p", { className: "source" }, card.source.desc),
    card.main_title && heading(card.main_title),
    card.card_image?.url && el("img", { src: card.card_image.url, alt: "" }),
    card.emphasis_content && el("div", { className: "emphasis" },
      el("strong", {}, card.emphasis_content.title || ""), el("span", {}, card.emphasis_content.desc || "")),
    card.quote_area?.quote_text && el("blockquote", {}, card.quote_area.quote_text),
    card.sub_title_text && el("p", { className: "sub" }, card.sub_title_text),
    ...(card.vertical_content_list || []).map(heading),
    rows(card.horizontal_content_list),
    ...selectors(card).map((selector) => drawSelector(selector, chosen)),
    live && el("div", { className: "buttons" }, ...(card.button_list || [card.submit_button].filter(Boolean)).map((button) =>
      el("button", { className: `style${button.style || 1}`, onclick: (event) => press(event.target, line, button.key, chosen) },
        button.text))),
    ...(card.jump_list || []).map((jump) => link(jump, jump.title)),
    [1, 2].includes(card.card_action?.type) && link(card.card_action, "打开团页"));
}

// As in WeCom, the card itself is pressed; its buttons and links are not.
function follow(event, action) {
  if (action?.type !== 1 || event.target.closest("a, button")) return;
  event.currentTarget.querySelector(`a[href="${CSS.escape(action.url)}"]`)?.click();
}

const heading = (title) => el("header", {},
  el("h3", {}, title.title || ""), title.desc && el("p", {}, title.desc));

function rows(list) {
  if (!list?.length) return null;
  return el("dl", {}, ...list.flatMap((row) => [el("dt", {}, row.keyname), el("dd", {}, row.value || "")]));
}

const selectors = (card) =>
  [card.button_selection, card.checkbox, ...(card.select_list || [])].filter(Boolean);

function drawSelector(selector, chosen) {
  const ids = selector.option_list.map((option) => option.id);
  chosen[selector.question_key] = ids.includes(selector.selected_id) ? selector.selected_id : ids[0];
  const pills = selector.option_list.map((option) => el("button", {
    type: "button", "aria-pressed": String(option.id === chosen[selector.question_key]),
    onclick: (event) => {
      chosen[selector.question_key] = option.id;
      pills.forEach((pill) => pill.setAttribute("aria-pressed", String(pill === event.currentTarget)));
    },
  }, option.text));
  return el("div", { className: "selector" }, el("span", {}, selector.title || "选择"), el("div", {}, ...pills));
}

function link(target, title) {
  if (target.type === 1 || target.url) {
    return el("a", { className: "jump", href: target.url, target: "_blank", rel: "noopener noreferrer" }, title);
  }
  return el("button", {
    className: "jump", type: "button",
    onclick: () => toast(`打开小程序页面 ${target.pagepath || "（首页）"}`),
  }, title);
}
