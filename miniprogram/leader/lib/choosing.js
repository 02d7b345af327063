// Which of my campaigns a page is about, when it was opened without one.
const api = require('../../lib/api.js');

/** My campaigns in any of these states, newest first within each. */
async function inStates(states) {
  const pages = await Promise.all(states.map((state) => api.get('/api/leader/campaigns', { state, limit: 50 })));
  return { items: [].concat(...pages.map((page) => page.items)) };
}

module.exports = { inStates };
