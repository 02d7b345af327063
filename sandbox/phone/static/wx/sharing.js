// The share menu, and the group from whose card the mini-program was opened.

import { call as ask } from "../dom.js";
import { setShareMenu } from "../pages.js";
import { answering, refused } from "./calling.js";
import { about } from "./device.js";

const WRONG_SCENE = 40097;

async function getGroupEnterInfo() {
  if (!about.card) throw refused("invalid scene", { errCode: WRONG_SCENE });
  return ask(`/phone/${encodeURIComponent(about.holder.name)}/group-entry`, { card: about.card });
}

export const sharing = {
  showShareMenu: answering("showShareMenu", () => {}),
  updateShareMenu: answering("updateShareMenu", (options) => setShareMenu(options)),
  getGroupEnterInfo: answering("getGroupEnterInfo", getGroupEnterInfo),
};
