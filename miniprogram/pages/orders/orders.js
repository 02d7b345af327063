// My orders by state, newest first.
const api = require('../../lib/api.js');
const { go } = require('../../lib/go.js');
const { yuan } = require('../../lib/money.js');
const { loading, more } = require('../../lib/page.js');
const { when } = require('../../lib/time.js');
const words = require('../../lib/words.js');

const TABS = [
  { state: '', text: '全部' }, { state: 'pending_payment', text: '待付款' }, { state: 'paid', text: '待成团' },
  { state: 'confirmed', text: '待到货' }, { state: 'ready', text: '待提货/收货' }, { state: 'collected', text: '已提货/收货' },
  { state: 'refunded', text: '已退款' }, { state: 'cancelled', text: '已取消' },
];

function shape(order) {
  return {
    id: order.id,
    title: order.campaign_title,
    state: words.orderState(order),
    kind: words.ORDER_KIND[order.state] || 'plain',
    text: order.lines.map((line) => line.offer_name + ' ×' + line.ordered_units).join('，'),
    total: yuan(order.total_fen),
    refund: order.refunding_fen ? '退款中 ' + yuan(order.refunding_fen) : order.refunded_fen ? '已退 ' + yuan(order.refunded_fen) : '',
    number: order.roster_number,
    point: order.delivery_method === 'pickup' ? order.point_name : words.say(words.DELIVERY, order.delivery_method),
    at: when(order.created_at),
    hold_until: order.state === 'pending_payment' ? order.hold_until : '',
  };
}

Page({
  data: { status: 'loading', problem: '', tabs: TABS, state: '', items: [], cursor: null, more: '' },

  onShow() { this.load(); },
  onPullDownRefresh() { this.load(); },

  fetch(cursor) {
    return api.get('/api/resident/orders', { state: this.data.state, limit: 20, cursor });
  },

  load() {
    const asked = this.data.state;
    return loading(this, this.fetch(), (page) => (asked === this.data.state
      ? { items: page.items.map(shape), cursor: page.next_cursor, more: '' } : {}));
  },

  choose(event) {
    this.setData({ state: event.currentTarget.dataset.state, items: [], status: 'loading' });
    this.load();
  },

  onReachBottom() { more(this, (cursor) => this.fetch(cursor), shape); },
  goHome() { wx.switchTab({ url: '/pages/home/home' }); },
  open(event) { go('/pages/order/order?id=' + event.currentTarget.dataset.id); },
});
