// One-time messages: which may be sent is asked for on a tap, the answer is told to the server.
const api = require('./api.js');

const ABOUT_ORDERS = ['arrived', 'refund', 'formed'];
let known = [];

/** Learns the templates; call it before the tap, which must not wait for the network. */
async function prepare() {
  try {
    known = (await api.get('/api/resident/subscriptions')).items;
  } catch (problem) {
    known = [];
  }
  return known;
}

function accepted(answer, ids) {
  const results = {};
  for (const id of ids) if (['accept', 'reject', 'ban', 'filter'].includes(answer[id])) results[id] = answer[id];
  return results;
}

/**
 * Asks whether messages for `purposes` (of ABOUT_ORDERS) may come; never in the way of anything. WeChat only asks in a
 * tap or when a payment has just ended, so nothing may be awaited before.
 */
function offer(purposes) {
  const ids = known.filter((template) => purposes.includes(template.purpose)).map((template) => template.template_id);
  if (!ids.length) return Promise.resolve([]);
  return new Promise((resolve) => {
    wx.requestSubscribeMessage({
      tmplIds: ids.slice(0, 3),
      success: (answer) => resolve(tell(accepted(answer, ids))),
      fail: () => resolve(known),
    });
  });
}

async function tell(results) {
  if (!Object.keys(results).length) return known;
  try {
    known = (await api.post('/api/resident/subscriptions', { results })).items;
  } catch (problem) {
    return known;
  }
  return known;
}

module.exports = { ABOUT_ORDERS, prepare, offer };
