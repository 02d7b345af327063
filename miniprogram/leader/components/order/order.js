// One order of the roster: my own note and tags, its address with a reason, money back for units of it.
const api = require('../../../lib/api.js');
const { once } = require('../../../lib/once.js');
const { tell } = require('../../../lib/page.js');
const { fieldErrors } = require('../../lib/problems.js');

const REASONS = ['核对送货', '联系不上买家', '补发', '其他'];
const BACK = ['confirmed', 'ready'];

// `rest` means all that is left when the order arrives; units name what the leader saw.
function sum(lines) {
  const count = lines.reduce((total, line) => total + line.back, 0);
  return { lines, count, whole: lines.every((line) => line.back === line.units_left) };
}

Component({
  options: { addGlobalClass: true },
  properties: { order: Object, delivery: String, known: Array },
  data: {
    step: '', note: '', tags: [], word: '', reasons: REASONS, reason: 0, address: null, why: '', busy: false,
    problem: '', errors: {}, refundable: false, early: false, suggested: [],
    lines: [], count: 0, whole: true,
  },
  observers: {
    order(order) {
      if (!order) return;
      this.setData({
        step: '', note: order.leader_note, tags: order.tags, word: '', address: null, why: '', problem: '', errors: {},
        refundable: BACK.includes(order.state), early: order.state === 'paid',
      });
      const left = order.items.filter((item) => item.units_left);
      this.setData(sum(left.map((item) => Object.assign({}, item, { back: item.units_left }))));
      this.suggest();
    },
  },
  methods: {
    suggest() {
      this.setData({ suggested: this.data.known.filter((tag) => !this.data.tags.includes(tag)).slice(0, 8) });
    },
    go(event) {
      this.setData({ step: event.currentTarget.dataset.step, problem: '', errors: {} });
    },
    back() {
      this.setData({ step: '', problem: '' });
    },
    leave() {
      this.triggerEvent('close');
    },
    write(event) {
      this.setData({ [event.currentTarget.dataset.field]: event.detail.value, errors: {} });
    },
    addTag() {
      this.tagged(this.data.word.trim());
      this.setData({ word: '' });
    },
    takeTag(event) {
      this.tagged(event.currentTarget.dataset.tag);
    },
    tagged(tag) {
      if (tag && !this.data.tags.includes(tag)) this.setData({ tags: this.data.tags.concat(tag) });
      this.suggest();
    },
    dropTag(event) {
      const { tag } = event.currentTarget.dataset;
      this.setData({ tags: this.data.tags.filter((one) => one !== tag) });
      this.suggest();
    },
    chooseReason(event) {
      this.setData({ reason: Number(event.detail.value) });
    },
    keep: once(function () {
      const word = this.data.word.trim();
      const tags = word && !this.data.tags.includes(word) ? this.data.tags.concat(word) : this.data.tags;
      return this.act(async () => {
        await api.put(`/api/leader/orders/${this.data.order.order_id}/remark`, { note: this.data.note.trim(), tags });
        this.triggerEvent('changed');
        tell('已记下');
      });
    }),
    reveal: once(function () {
      const reason = REASONS[this.data.reason];
      return this.act(async () => {
        const address = await api.post(`/api/leader/orders/${this.data.order.order_id}/address`, { reason });
        this.setData({ address });
      });
    }),
    call() {
      wx.makePhoneCall({ phoneNumber: this.data.address.phone, fail: () => undefined });
    },
    change(event) {
      const { line } = event.currentTarget.dataset;
      const back = event.detail.value;
      this.setData(sum(this.data.lines.map((one) => (one.line_id === line ? Object.assign({}, one, { back }) : one))));
    },
    refund: once(function () {
      const { whole, lines } = this.data;
      const reason = this.data.why.trim();
      if (!reason) {
        this.setData({ errors: { reason: '请写明原因，买家会看到' } });
        return undefined;
      }
      const units = lines.filter((line) => line.back).map((line) => ({ line: line.line_id, units: line.back }));
      const what = whole ? { reason, rest: true } : { reason, units };
      return this.act(async () => {
        await api.post(`/api/leader/orders/${this.data.order.order_id}/refunds`, what);
        this.triggerEvent('changed');
        tell('退款已提交，到账后买家会收到通知。');
      });
    }),
    async act(doing) {
      this.setData({ busy: true, problem: '', errors: {} });
      try {
        await doing();
      } catch (problem) {
        this.setData({ errors: fieldErrors(problem), problem: problem.message });
      } finally {
        this.setData({ busy: false });
      }
    },
  },
});
