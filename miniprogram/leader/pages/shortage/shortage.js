// Less came than was ordered: who gets what, what goes back, shown first as it will be, then done exactly so.
const api = require('../../../lib/api.js');
const { loading, tell } = require('../../../lib/page.js');
const { once } = require('../../../lib/once.js');
const { yuan } = require('../../../lib/money.js');
const { SHORTAGE } = require('../../../lib/words.js');
const { orApply } = require('../../lib/door.js');

function orderRow(order) {
  const lines = order.lines.filter((line) => line.missing).map(
    (line) => `${line.name} 要 ${line.wanted} 得 ${line.gets} ${line.unit}`,
  );
  const money = [
    order.refund_fen ? `退 ${yuan(order.refund_fen)}` : '', order.waived_fen ? `少收 ${yuan(order.waived_fen)}` : '',
  ];
  return {
    id: order.order_id, title: `${order.roster_number || '—'} 号 ${order.recipient || order.name}`,
    note: `${order.point}：${lines.join('，') || '都有'}`, value: money.filter(Boolean).join('，'),
  };
}

function offerRow(offer) {
  return {
    id: offer.offer_id, title: offer.name,
    note: `要 ${offer.wanted}，到 ${offer.came}${offer.left ? `，余 ${offer.left}` : ''} ${offer.unit}`,
    moves: offer.moves.map((move) => `从${move.source}带 ${move.units} ${offer.unit}到${move.target}`),
  };
}

function shape(plan) {
  return {
    digest: plan.digest, mode: SHORTAGE[plan.mode], waits: plan.waits_for.join('、'), refund: yuan(plan.refund_fen),
    waived: plan.waived_fen ? yuan(plan.waived_fen) : '',
    commission: plan.commission_fen ? yuan(plan.commission_fen) : '',
    offers: plan.offers.map(offerRow), orders: plan.orders.map(orderRow), touched: plan.orders.length,
  };
}

Page({
  data: {
    status: 'loading', problem: '', id: '', choosing: false, states: ['fulfilling'], offers: [], orders: [],
    touched: 0, asking: false, busy: false, refused: '',
  },
  onLoad(query) {
    if (query.id) this.take({ detail: { id: query.id } });
    else this.setData({ choosing: true });
  },
  onPullDownRefresh() {
    this.load();
  },
  take(event) {
    this.setData({ id: event.detail.id, choosing: false });
    this.load();
  },
  load() {
    if (!this.data.id) return undefined;
    return loading(this, orApply(api.get(`/api/leader/campaigns/${this.data.id}/shortage`)), shape);
  },
  ask() {
    this.setData({ asking: true, refused: '' });
  },
  leave() {
    this.setData({ asking: false });
  },
  commit: once(async function () {
    this.setData({ busy: true, refused: '' });
    try {
      await api.post(`/api/leader/campaigns/${this.data.id}/shortage`, { plan_digest: this.data.digest });
      this.setData({ asking: false });
      tell('分好了，已通知每位邻居');
      await this.load();
    } catch (problem) {
      this.setData({ refused: problem.message });
      if (problem.code === 'plan_changed') await this.load();
    } finally {
      this.setData({ busy: false });
    }
  }),
});
