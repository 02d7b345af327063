// 收货付款 at the desk: cash into one's open drawer, or WeChat Pay opened for the buyer who stands there.
const api = require('../../lib/api.js');
const { once } = require('../../lib/once.js');
const { ask } = require('../../lib/page.js');
const { yuan } = require('../../lib/money.js');
const { counted, problemWords, redemption } = require('./shape.js');

const LOOK_AGAIN_MS = 3000;

/** Asks whether the cash is in hand: the one thing no server can see. */
function inHand(order) {
  return ask('收现金', `${order.owner} 应付 ${order.due}，现金收到了吗？`, { yes: '已收到', no: '还没有' });
}

module.exports = {
  orderOf(event) {
    return this.data.found.orders.find((order) => order.id === event.detail.order);
  },

  takeCash: once(async function takeCash(event) {
    const order = this.orderOf(event);
    if (!await inHand(order)) return;
    try {
      await this.cashFor(order);
    } catch (problem) {
      if (problem.code === 'no_shift') await this.openShiftFor(order);
      else this.setData({ found: null, message: problemWords(problem) });
    }
    this.keepFocus();
  }),

  /** Cash is only taken in an open drawer: opens it and books the same cash. */
  async openShiftFor(order) {
    if (!await ask('还没开班', '收现金前先开班，交班时点钱。现在开班吗？', { yes: '开班收款' })) return;
    try {
      await api.post('/api/station/shifts');
      await this.cashFor(order);
    } catch (problem) {
      this.setData({ found: null, message: problemWords(problem) });
    }
  },

  async cashFor(order) {
    const { foundBy, passShown } = this.data.found;
    const body = Object.assign({ orders: [order.id], found_by: foundBy }, passShown ? { pass_shown: passShown } : {});
    const answer = await api.post('/api/station/cash-payments', body);
    this.paid(order, `现金 ${order.due}`, answer.redemptions);
  },

  openPayment: once(async function openPayment(event) {
    const order = this.orderOf(event);
    try {
      const payment = await api.post(`/api/station/orders/${order.id}/desk-payments`);
      const sum = yuan(payment.amount_fen);
      this.setData({ paying: { order, sum, until: payment.expires_at, late: false }, focus: false });
      this.awaitPayment();
    } catch (problem) {
      this.setData({ message: problemWords(problem) });
    }
  }),

  /** The gateway's word hands over in this desk's name: until then, look for that hand-over now and then. */
  awaitPayment() {
    clearTimeout(this.payWatch);
    this.payWatch = setTimeout(() => this.lookForPayment(), LOOK_AGAIN_MS);
  },

  async lookForPayment() {
    const paying = this.data.paying;
    if (!paying) return;
    try {
      const page = await api.get('/api/station/redemptions', { limit: 20 });
      const made = page.items.find((one) => one.order_id === paying.order.id && one.found_by === 'payment');
      if (made && !made.undone_by && this.data.paying) {
        this.setData({ paying: null });
        this.paid(paying.order, `微信 ${paying.sum}`, [made]);
        return;
      }
    } catch (problem) {
      if (problem.status !== 0) this.setData({ message: problemWords(problem) });
    }
    if (this.data.paying) this.awaitPayment();
  },

  lateToPay() {
    if (this.data.paying) this.setData({ 'paying.late': true });
  },

  stopWaiting() {
    clearTimeout(this.payWatch);
    this.setData({ paying: null });
    this.keepFocus();
  },

  /** Paid and handed over in one act: told like any other hand-over; what else waits for the person stays open. */
  paid(order, how, redemptions) {
    const shown = redemptions.map(redemption);
    const last = {
      title: '已交付', text: `${order.owner}（${how}）`,
      goods: shown.map((one) => one.goods).join('、'), offline: false, notes: [],
      redemptions: redemptions.map((one) => ({ id: one.id, items: one.items })), undoable: true,
    };
    const rest = this.data.found ? this.data.found.orders.filter((one) => one.id !== order.id && one.waits) : [];
    const found = rest.length ? counted(Object.assign({}, this.data.found, { orders: rest })) : null;
    this.setData({ last, found, message: '' });
    this.keepFocus();
  },
};
