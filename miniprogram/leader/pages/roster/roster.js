// Who joined: searched, tagged, in the order of numbers or of doors; those who have not paid are reminded in private.
const api = require('../../../lib/api.js');
const { loading, more } = require('../../../lib/page.js');
const { once } = require('../../../lib/once.js');
const { yuan } = require('../../../lib/money.js');
const { ORDER, ORDER_KIND } = require('../../../lib/words.js');
const { orApply } = require('../../lib/door.js');

const STATES = ['open', 'paused', 'closed', 'formed', 'fulfilling', 'completed'];
const PAUSE_MS = 300;

function doorOf(place) {
  return place ? [place.building, place.unit, place.room].filter(Boolean).join('-') : '';
}

/** "草莓 2盒", "草莓 1盒（已退 1盒）", and of an order that is no more what it was: "草莓 2盒（已退）". */
function goodsOf(row, item) {
  const before = `${item.name} ${item.units || item.units_back}${item.unit}`;
  if (!item.units_back) return before;
  if (item.units) return `${before}（已退 ${item.units_back}${item.unit}）`;
  return `${before}（${row.state === 'cancelled' ? '已取消' : '已退'}）`;
}

function shape(row) {
  return Object.assign({}, row, {
    numberText: row.number === null ? '—' : `${row.number}`, door: doorOf(row.place),
    who: row.recipient && row.recipient !== row.name ? `${row.name}（代 ${row.recipient}）` : row.name,
    goods: row.items.map((item) => goodsOf(row, item)).join('、'), total: yuan(row.total_fen),
    refunded: row.refunded_fen ? `已退 ${yuan(row.refunded_fen)}` : '', stateText: ORDER[row.state],
    kind: ORDER_KIND[row.state] || 'plain',
  });
}

function outcome(answer) {
  const said = [`已私下提醒 ${answer.told} 人`];
  if (answer.already) said.push(`${answer.already} 人今天提醒过了，明天再说`);
  if (answer.unreachable) said.push(`${answer.unreachable} 人收不到推送，打开小程序时会看到`);
  return answer.told || answer.already || answer.unreachable ? `${said.join('；')}。` : '没有等付款的订单。';
}

Page({
  data: {
    status: 'loading', problem: '', id: '', choosing: false, states: STATES, delivery: '', unpaid: 0, items: [],
    cursor: null, more: '', order: 'number', search: '', tag: '', tags: [], nudging: false, busy: false, refused: '',
    told: '', chosen: null,
  },
  timer: null,
  nudgeFirst: false,
  onLoad(query) {
    this.nudgeFirst = query.nudge === '1';
    if (query.nudge === '1') this.setData({ states: ['open', 'paused'] });
    if (query.id) this.take({ detail: { id: query.id } });
    else this.setData({ choosing: true });
  },
  onUnload() {
    clearTimeout(this.timer);
  },
  onPullDownRefresh() {
    this.load();
  },
  onReachBottom() {
    return more(this, (cursor) => this.fetch(cursor), shape);
  },
  async take(event) {
    this.setData({ id: event.detail.id, choosing: false });
    await this.load();
    if (this.nudgeFirst && this.data.unpaid) this.askNudge();
    this.nudgeFirst = false;
  },
  fetch(cursor) {
    const { id, search, tag, order } = this.data;
    return api.get(`/api/leader/campaigns/${id}/roster`, { search: search.trim(), tag, order, cursor, limit: 50 });
  },
  load() {
    if (!this.data.id) return undefined;
    const asked = [this.data.search, this.data.tag, this.data.order].join('\n');
    const both = Promise.all([this.fetch(), api.get(`/api/leader/campaigns/${this.data.id}`)]);
    return loading(this, orApply(both), ([page, board]) => {
      if (asked !== [this.data.search, this.data.tag, this.data.order].join('\n')) return {};
      const found = [].concat(this.data.tags, ...page.items.map((row) => row.tags));
      wx.setNavigationBarTitle({ title: `接龙名单 · ${board.campaign.title}` });
      return {
        items: page.items.map(shape), cursor: page.next_cursor, more: '', delivery: board.campaign.delivery_method,
        unpaid: board.unpaid_orders, tags: found.filter((tag, at) => found.indexOf(tag) === at),
      };
    });
  },
  search(event) {
    this.setData({ search: event.detail.value });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(), PAUSE_MS);
  },
  sort(event) {
    this.setData({ order: event.currentTarget.dataset.order });
    this.load();
  },
  filter(event) {
    const { tag } = event.currentTarget.dataset;
    this.setData({ tag: this.data.tag === tag ? '' : tag });
    this.load();
  },
  askNudge() {
    this.setData({ nudging: true, refused: '' });
  },
  leaveNudge() {
    this.setData({ nudging: false });
  },
  nudge: once(async function () {
    this.setData({ busy: true, refused: '' });
    try {
      const answer = await api.post(`/api/leader/campaigns/${this.data.id}/nudge`);
      this.setData({ told: outcome(answer), nudging: false });
    } catch (problem) {
      this.setData({ refused: problem.message });
    } finally {
      this.setData({ busy: false });
    }
  }),
  open(event) {
    this.setData({ chosen: this.data.items[Number(event.currentTarget.dataset.index)] });
  },
  leaveOrder() {
    this.setData({ chosen: null });
  },
  orderChanged() {
    this.setData({ chosen: null });
    this.load();
  },
});
