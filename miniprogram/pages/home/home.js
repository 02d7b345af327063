// Campaigns of my pickup point and of leaders I follow, with their counts.
const api = require('../../lib/api.js');
const { go } = require('../../lib/go.js');
const { loading, more } = require('../../lib/page.js');

const FRESH_MS = 15000;

Page({
  timer: 0,

  data: { status: 'loading', problem: '', items: [], cursor: null, more: '', point: '' },

  onShow() {
    this.load();
    this.timer = setInterval(() => this.refresh(), FRESH_MS);
  },

  onHide() { clearInterval(this.timer); },
  onUnload() { clearInterval(this.timer); },

  load() {
    this.loadPoint();
    return loading(this, api.get('/api/resident/home', { limit: 20 }), (page) => ({
      items: page.items, cursor: page.next_cursor,
    }));
  },

  async loadPoint() {
    try {
      const me = await api.get('/api/resident/me');
      this.setData({ point: me.home_point ? me.home_point.name : '' });
    } catch (problem) {
      this.setData({ point: '' });
    }
  },

  /** The counts move while one looks; a failure leaves what is shown. */
  async refresh() {
    if (this.data.status === 'error') return;
    try {
      const page = await api.get('/api/resident/home', { limit: 20 });
      const seen = page.items.map((item) => item.id);
      const rest = this.data.items.slice(20).filter((item) => !seen.includes(item.id));
      const items = page.items.concat(rest);
      this.setData({ items, status: items.length ? 'ready' : 'empty' });
    } catch (problem) {
      return;
    }
  },

  onPullDownRefresh() { this.load(); },
  onReachBottom() { more(this, (cursor) => api.get('/api/resident/home', { limit: 20, cursor })); },
  choosePoint() { go('/pages/points/points'); },
});
