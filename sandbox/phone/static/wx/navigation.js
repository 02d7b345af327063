// Going from page to page.

import * as pages from "../pages.js";
import { answering, refused } from "./calling.js";

const by = (name, step) => answering(name, (options) => {
  try {
    step(options);
  } catch (error) {
    console.error(`wx.${name}: ${error.message}`);
    throw refused(error.message);
  }
});

export const navigation = {
  navigateTo: by("navigateTo", ({ url }) => pages.navigateTo(url)),
  redirectTo: by("redirectTo", ({ url }) => pages.redirectTo(url)),
  switchTab: by("switchTab", ({ url }) => pages.switchTab(url)),
  reLaunch: by("reLaunch", ({ url }) => pages.reLaunch(url)),
  navigateBack: answering("navigateBack", ({ delta }) => {
    try { pages.navigateBack(delta); } catch (error) { throw refused(error.message); } // WeChat refuses this quietly, too
  }),
  setNavigationBarTitle: answering("setNavigationBarTitle", ({ title }) => pages.setTitle(title)),
  stopPullDownRefresh: answering("stopPullDownRefresh", () => pages.stopRefresh()),
};
