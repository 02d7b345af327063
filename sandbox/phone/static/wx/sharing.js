// The share menu: pages may set it up; sharing itself starts at the capsule or at a share button.

import { answering } from "./calling.js";

export const sharing = {
  showShareMenu: answering("showShareMenu", () => {}),
  updateShareMenu: answering("updateShareMenu", (options) => { dispatchEvent(new CustomEvent("phone:share-menu", { detail: options })); }),
};
