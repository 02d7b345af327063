// What was handed over today, what waits, and one's own cash drawer.
const api = require('../../../lib/api.js');
const { goBackTo } = require('../../../lib/go.js');
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
  fetchingMore: false,
  data: {
    status: 'loading', problem: '', tab: 'handed', words: '', items: [], rows: [], cursor: null, more: '',
    undoing: null, shift: null, shifts: [], counting: false, count: '', why: '', gap: '', countProblem: '',
  },

  onShow() { this.load(); },
  onPullDownRefresh() { this.load(); },

  choose(event) {
    const { tab } = event.currentTarget.dataset;
    if (tab === this.data.tab) return;
    this.setData({ tab, status: 'loading', items: [], rows: [], words: '', cursor: null, more: '' });
    this.load();
  },

  load() {
    const { tab } = this.data;
    const mine = (shown) => (tab === this.data.tab ? shown : {});
    if (tab === 'cash') return loading(this, this.loadShifts(), mine);
    const { path, shape } = LISTS[tab];
    return loading(this, api.get(path, { limit: LIMIT }), (page) => {
      const items = page.items.map(shape);
      return mine({ items, rows: items.filter((row) => fits(row, this.data.words.trim())), cursor: page.next_cursor });
    });
  },

  async onReachBottom() {
    await this.fetchMore();
    this.fetchRest();
  },

  /** What is typed counts at once, also while rows are still on their way. */
  search(event) {
    this.setData({ words: event.detail.value });
    this.show();
    this.fetchRest();
  },

  show() {
    const words = this.data.words.trim();
    this.setData({ rows: this.data.items.filter((row) => fits(row, words)) });
  },

  /** One page more of the list that is shown; rows that come after another list was chosen belong to nobody. */
  async fetchMore() {
    const { tab } = this.data;
    const list = LISTS[tab];
    if (!list) return;
    await more(this, async (cursor) => {
      const page = await api.get(list.path, { cursor, limit: LIMIT });
      return tab === this.data.tab ? page : { items: [], next_cursor: this.data.cursor };
    }, list.shape);
    this.show();
  },

  /** Searching looks at everything: what was not fetched yet is fetched. */
  fetchRest: once(async function fetchRest() {
    while (this.data.words.trim() && this.data.cursor && this.data.more !== 'failed' && !this.fetchingMore) {
      await this.fetchMore();
    }
  }),

  open(event) {
    const { id } = event.currentTarget.dataset;
    const desk = 'station/pages/desk/desk';
    goBackTo(desk, `/${desk}?order=${id}`, (page) => { page.wanted = id; });
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
