// What was chosen on a campaign's page, on its way to the checkout.
const NAME = 'lt.cart';

/** Keeps the choice: `chosen` is {offer id: units}. */
function keep(campaign, chosen, via) {
  const lines = Object.keys(chosen).filter((id) => chosen[id] > 0).map((id) => ({ offer: id, units: chosen[id] }));
  wx.setStorageSync(NAME, { campaign, lines, via: via || '' });
}

/** {campaign, lines, via}, or null. */
function kept() {
  return wx.getStorageSync(NAME) || null;
}

function clear() {
  wx.removeStorageSync(NAME);
}

module.exports = { keep, kept, clear };
