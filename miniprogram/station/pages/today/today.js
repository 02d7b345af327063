// What was handed over today, what waits, and one's own cash drawer.
const api = require('../../../lib/api.js');
const { loading, more } = require('../../../lib/page.js');
const { once } = require('../../../lib/once.js');
const drawer = require('../../lib/drawer.js');
const { order, problemWords, redemption } = require('../../lib/shape.js');

const LIMIT = 50;
const LISTS = {
  handed: { path: '/api/station/redemptions', shape: redemption },
  waiting: { path: '/api/station/waiting', shape: waitingRow },
};

function waitingRow(one) {
  const row = order(one);
  const goods = row.lines.filter((line) => line.waiting).map((line) => `${line.name} ×${line.waiting} ${line.unit}`);
  return Object.assign(row, { goods: goods.join('、') });
}

/** Whether a row is one that somebody looks for by name, number or goods. */
function fits(row, words) {
  return !words || row.number === words || [row.owner, row.goods, row.campaign, row.by].some((text) => (
    text && text.includes(words)
  ));
}

Page({
  ...drawer,
  data: {
    status: 'loading', problem: '', tab: 'handed', words: '', items: [], rows: [], cursor: null, more: '',
    undoing: null, shift: null, shifts: [], counting: false, count: '', why: '', gap: '', countProblem: '',
  },

  onShow() { this.load(); },
  onPullDownRefresh() { this.load(); },

  choose(event) {
    const { tab } = event.currentTarget.dataset;
    if (tab === this.data.tab) return;
    this.setData({ tab, status: 'loading', items: [], rows: [], words: '', cursor: null });
    this.load();
  },

  load() {
    const { tab } = this.data;
    const mine = (shown) => (tab === this.data.tab ? shown : {});
    if (tab === 'cash') return loading(this, this.loadShifts(), mine);
    const { path, shape } = LISTS[tab];
    return loading(this, api.get(path, { limit: LIMIT }), (page) => {
      const items = page.items.map(shape);
      return mine({ items, rows: items.filter((row) => fits(row, this.data.words)), cursor: page.next_cursor });
    });
  },

  async onReachBottom() {
    const list = LISTS[this.data.tab];
    if (!list) return;
    await more(this, (cursor) => api.get(list.path, { cursor, limit: LIMIT }), list.shape);
    this.sift(this.data.words);
  },

  search(event) {
    this.sift(event.detail.value.trim());
  },

  /** Searching looks at everything: what was not fetched yet is fetched first. */
  sift: once(async function sift(words) {
    this.setData({ words });
    const list = LISTS[this.data.tab];
    while (words && list && this.data.cursor && this.data.more !== 'failed') {
      await more(this, (cursor) => api.get(list.path, { cursor, limit: LIMIT }), list.shape);
    }
    this.setData({ rows: this.data.items.filter((row) => fits(row, this.data.words)) });
  }),

  open(event) {
    wx.redirectTo({ url: `/station/pages/desk/desk?order=${event.currentTarget.dataset.id}` });
  },

  askUndo(event) {
    this.setData({ undoing: this.data.items.find((row) => row.id === event.currentTarget.dataset.id) });
  },

  stopUndo() {
    this.setData({ undoing: null });
  },

  undo: once(async function undo(event) {
    const { id } = this.data.undoing;
    this.setData({ undoing: null });
    try {
      await api.post(`/api/station/redemptions/${id}/undo`, { reason: event.detail.reason });
      wx.showToast({ title: '已撤销', icon: 'none' });
    } catch (problem) {
      this.setData({ problem: problemWords(problem) });
      return;
    }
    await this.load();
  }),
});
