// Goods that left a desk without the network and that no order accounts for: who gave them, why, and closing each case.
const api = require('../../../lib/api.js');
const { loading, more, tell } = require('../../../lib/page.js');
const { once } = require('../../../lib/once.js');
const { yuan } = require('../../../lib/money.js');
const { when } = require('../../../lib/time.js');
const { marked } = require('../../../lib/words.js');
const { orApply } = require('../../lib/door.js');

const PATH = '/api/leader/losses';

function shape(one) {
  const number = one.roster_number ? `${one.roster_number} 号 ` : '';
  const first = one.first_by ? `，${when(one.first_at)} 已由 ${one.first_by} 交付` : '';
  return {
    id: one.id, open: !one.closed_at, who: `${number}${one.owner}`, what: `${one.name} ${one.units} ${one.unit}`,
    about: `${one.campaign} · ${one.point}`, why: `${one.said}${first}`, worth: `按进货价 ${yuan(one.worth_fen)}`,
    by: `${when(one.handed_at)} 由 ${one.by} 离线交出`,
    closed: one.closed_at ? `${when(one.closed_at)} 处理：${marked(one.remark, one.remark_check)}` : '',
  };
}

Page({
  data: { status: 'loading', problem: '', items: [], cursor: null, more: '', chosen: null, busy: false, refused: '' },
  onShow() {
    this.load();
  },
  onPullDownRefresh() {
    this.load();
  },
  onReachBottom() {
    return more(this, (cursor) => api.get(PATH, { cursor, limit: 20 }), shape);
  },
  load() {
    return loading(this, orApply(api.get(PATH, { limit: 20 })), (page) => ({
      items: page.items.map(shape), cursor: page.next_cursor, more: '',
    }));
  },
  choose(event) {
    this.setData({ chosen: this.data.items[Number(event.currentTarget.dataset.index)], refused: '' });
  },
  leave() {
    this.setData({ chosen: null });
  },
  finish: once(async function (event) {
    this.setData({ busy: true, refused: '' });
    try {
      await api.post(`${PATH}/${this.data.chosen.id}/close`, { remark: event.detail.words });
      this.setData({ chosen: null });
      tell('已处理');
      await this.load();
    } catch (problem) {
      this.setData({ refused: problem.message });
    } finally {
      this.setData({ busy: false });
    }
  }),
});
