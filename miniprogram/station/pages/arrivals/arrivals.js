// Deliveries for this point: what is on its way, and counting in what came.
const api = require('../../../lib/api.js');
const { once } = require('../../../lib/once.js');
const { ask, loading, more, tell, tellProblem } = require('../../../lib/page.js');
const { clock, goods } = require('../../lib/shape.js');

const LIMIT = 20;
const STATES = {
  planned: '待备货', picking: '备货中', in_transit: '在路上', arrived: '已点数', reconciled: '已对账',
};
const KINDS = { in_transit: 'green', arrived: 'plain', reconciled: 'plain' };

function delivery(one) {
  return {
    id: one.id, campaign: one.campaign, state: STATES[one.state] || one.state, kind: KINDS[one.state] || 'amber',
    comes: one.state === 'in_transit', at: clock(one.arrived_at), lines: one.lines.map(line),
  };
}

function line(one) {
  return {
    id: one.offer_id, name: goods(one), unit: one.unit, planned: one.planned_units, arrived: one.arrived_units,
    surplus: one.surplus_units, short: one.short,
  };
}

/** "大闸蟹少 1 只、草莓多 2 盒" of what was counted, '' when all is as planned. */
function differences(lines) {
  const words = lines.filter((one) => one.count !== one.planned).map((one) => {
    const gap = one.count - one.planned;
    return `${one.name}${gap < 0 ? '少' : '多'} ${Math.abs(gap)} ${one.unit}`;
  });
  return words.join('、');
}

Page({
  data: { status: 'loading', problem: '', items: [], cursor: null, more: '', counting: null, sending: false },

  onLoad() { this.load(); },
  onPullDownRefresh() { this.load(); },

  load() {
    return loading(this, api.get('/api/station/deliveries', { limit: LIMIT }), (page) => ({
      items: page.items.map(delivery), cursor: page.next_cursor,
    }));
  },

  onReachBottom() {
    return more(this, (cursor) => api.get('/api/station/deliveries', { cursor, limit: LIMIT }), delivery);
  },

  begin(event) {
    const chosen = this.data.items.find((one) => one.id === event.currentTarget.dataset.id);
    const lines = chosen.lines.map((one) => Object.assign({}, one, { count: '' }));
    this.setData({ counting: Object.assign({}, chosen, { lines }) });
  },

  stop() {
    this.setData({ counting: null });
  },

  write(event) {
    const at = event.currentTarget.dataset.at;
    const typed = event.detail.value;
    this.setData({ [`counting.lines[${at}].count`]: /^[0-9]{1,7}$/.test(typed) ? Number(typed) : '' });
  },

  /** Counted and found as planned: one press per line, so that nobody waves a whole delivery through. */
  asPlanned(event) {
    const at = event.currentTarget.dataset.at;
    this.setData({ [`counting.lines[${at}].count`]: this.data.counting.lines[at].planned });
  },

  arrive: once(async function arrive() {
    const { id, lines } = this.data.counting;
    const open = lines.find((one) => one.count === '');
    if (open) {
      tell(`${open.name}还没点数`);
      return;
    }
    const gaps = differences(lines);
    const words = gaps ? `${gaps}。少的由团长决定怎么分。` : '每样都和计划一样。';
    if (!await ask('点数完成', `${words}交上去就通知大家来取，不能再改。`, { yes: '完成点数' })) return;
    this.setData({ sending: true });
    try {
      const counts = Object.fromEntries(lines.map((one) => [one.id, one.count]));
      await api.post(`/api/station/deliveries/${id}/arrive`, { counts });
      this.setData({ counting: null });
      await this.load();
    } catch (problem) {
      tellProblem(problem);
    }
    this.setData({ sending: false });
  }),
});
