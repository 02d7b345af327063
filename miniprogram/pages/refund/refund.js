// Taking an order back, whole or some units of it, until the campaign closes; and how far refunds are.
const api = require('../../lib/api.js');
const { go } = require('../../lib/go.js');
const { yuan } = require('../../lib/money.js');
const { once } = require('../../lib/once.js');
const { ask, loading, tellProblem } = require('../../lib/page.js');
const { shapeOrder } = require('../order/shape.js');

const FRESH_MS = 4000;

function shapeLine(line) {
  const left = line.ordered_units - line.refunded_units;
  const cost = line.amount_fen - line.discount_fen - line.rebate_fen;
  return { id: line.id, name: line.offer_name, spec: line.spec, unit: line.unit, left, units: left, each: cost / line.ordered_units };
}

/** What comes back: exact for the whole order, else about as much; the server says the sum once it is asked for. */
function back(lines, whole, restFen) {
  if (whole) return yuan(restFen);
  return '约 ' + yuan(Math.floor(lines.reduce((total, line) => total + line.units * line.each, 0)));
}

Page({
  path: '',
  timer: 0,
  rest: 0,

  data: {
    status: 'loading', problem: '', order: null, lines: [], count: 0, whole: true, back: '', busy: false, done: false,
    paid: false,
  },

  onLoad(query) {
    this.path = '/api/resident/orders/' + query.id;
    this.load();
  },

  onShow() {
    this.timer = setInterval(() => this.refresh(), FRESH_MS);
  },

  onHide() { clearInterval(this.timer); },
  onUnload() { clearInterval(this.timer); },

  /** Shows by itself when the money has gone back. */
  async refresh() {
    if (!this.data.order || !this.data.order.refunding || this.data.busy) return;
    try {
      this.setData({ order: shapeOrder(await api.get(this.path)) });
    } catch (problem) {
      return;
    }
  },

  load() { return loading(this, api.get(this.path), (seen) => this.shown(seen)); },

  shown(seen) {
    const lines = seen.lines.map(shapeLine).filter((line) => line.left > 0);
    this.rest = seen.paid_fen - seen.refunded_fen - seen.refunding_fen;
    return Object.assign({ order: shapeOrder(seen), paid: seen.paid_fen > 0 }, this.sum(lines));
  },

  sum(lines) {
    const count = lines.reduce((total, line) => total + line.units, 0);
    const whole = lines.every((line) => line.units === line.left);
    return { lines, count, whole, back: count ? back(lines, whole, this.rest) : '' };
  },

  change(event) {
    const { id } = event.currentTarget.dataset;
    const lines = this.data.lines.map((line) => (line.id === id ? Object.assign({}, line, { units: event.detail.value }) : line));
    this.setData(this.sum(lines));
  },

  submit: once(async function submit() {
    const { whole, lines, paid, count } = this.data;
    if (!count) return;
    const what = whole ? '整单' : '这 ' + count + ' 份';
    const then = paid ? this.data.back + ' 会原路退回付款时用的微信零钱或银行卡。' : '订单会取消，不用付款。';
    if (!await ask('退' + what + '？', then, { yes: '确定退', no: '再想想' })) return;
    const units = lines.filter((line) => line.units > 0).map((line) => ({ line: line.id, units: line.units }));
    this.setData({ busy: true });
    try {
      const seen = await api.post(this.path + '/cancellation', whole ? {} : { units });
      this.setData(Object.assign(this.shown(seen), { done: true }));
    } catch (problem) {
      await tellProblem(problem);
      await this.load();
    }
    this.setData({ busy: false });
  }),

  openClaim(event) {
    go('/pages/claim/claim?order=' + this.data.order.id + '&line=' + event.currentTarget.dataset.line);
  },

  openLeader() { go('/pages/campaign/campaign?id=' + this.data.order.campaign); },
});
