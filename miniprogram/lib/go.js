// Going to another page. WeChat keeps ten pages on each other and opens no eleventh, so nobody else calls navigateTo.

const MOST = 10;

let opening = '';

/** Opens a page: on top of this one, or in its place where ten lie on each other already. A second tap opens no second. */
function go(url) {
  if (opening === url) return;
  opening = url;
  const complete = () => { opening = ''; };
  if (getCurrentPages().length < MOST) wx.navigateTo({ url, complete });
  else wx.redirectTo({ url, complete });
}

/**
 * Goes back to the nearest page below whose path is `route` ("station/pages/desk/desk"), after `before(page)` could
 * tell it something; where it is not below, it opens at `url` in place of this one.
 */
function goBackTo(route, url, before) {
  const pages = getCurrentPages();
  const at = pages.map((page) => page.route).lastIndexOf(route, pages.length - 2);
  if (at < 0 || pages.length < 2) {
    wx.redirectTo({ url });
    return;
  }
  if (before) before(pages[at]);
  wx.navigateBack({ delta: pages.length - 1 - at });
}

module.exports = { go, goBackTo };
