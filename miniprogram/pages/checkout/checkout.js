// The one ordering path: what, where to, a note, then the server places the order and says the sum to pay.
const api = require('../../lib/api.js');
const cart = require('../../lib/cart.js');
const consent = require('../../lib/consent.js');
const { yuan } = require('../../lib/money.js');
const { estimate, shapeOffer } = require('../../lib/offers.js');
const { once } = require('../../lib/once.js');
const { ask, loading, tell, tellProblem } = require('../../lib/page.js');
const { pay } = require('../../lib/pay.js');
const subscribe = require('../../lib/subscribe.js');
const words = require('../../lib/words.js');
const { firstPoint, missingField, orderBody, whatToDo } = require('./body.js');

const EMPTY = { recipient: '', note: '', building: '', room: '', phone: '', address: '' };

Page({
  cart: null,
  seen: null,
  left: false,

  data: {
    status: 'loading', problem: '', busy: false, lines: [], points: [], at: 0, method: 'pickup', form: EMPTY, error: {},
    choosing: false, sum: {}, prepaid: true, agreeing: false, papers: [], seen: null,
  },

  onLoad() {
    this.cart = cart.kept();
    this.load();
    subscribe.prepare();
  },

  load() {
    if (!this.cart || !this.cart.lines.length) {
      this.setData({ status: 'empty' });
      return Promise.resolve();
    }
    const campaign = api.get('/api/resident/campaigns/' + this.cart.campaign, null, api.OPEN);
    return loading(this, Promise.all([campaign, api.get('/api/resident/me')]), ([seen, me]) => this.shown(seen, me));
  },

  shown(seen, me) {
    this.seen = seen;
    return Object.assign(this.lines(), {
      points: seen.points,
      at: firstPoint(seen.points, me.home_point),
      method: seen.delivery_method,
      methodText: words.say(words.DELIVERY, seen.delivery_method),
      prepaid: seen.payment_policy === 'prepaid',
      seen: { title: seen.title, seller: seen.seller, arrival: seen.arrival_text, hold: seen.hold_minutes },
    });
  },

  chosen() {
    const units = {};
    for (const line of this.cart.lines) units[line.offer] = line.units;
    return units;
  },

  lines() {
    const units = this.chosen();
    const offers = this.seen.offers.filter((offer) => units[offer.id]);
    const about = estimate(this.seen, units);
    return {
      lines: offers.map((offer) => Object.assign(shapeOffer(offer, units[offer.id]), { units: units[offer.id] })),
      sum: {
        total: '约 ' + yuan(about.total),
        fee: about.fee ? yuan(about.fee) : '',
        discount: about.discount ? '-' + yuan(about.discount) : '',
        short: about.short ? '还差 ' + yuan(about.short) + ' 起送' : '',
      },
    };
  },

  change(event) {
    const line = this.cart.lines.find((each) => each.offer === event.currentTarget.dataset.id);
    line.units = event.detail.value;
    this.setData(this.lines());
  },

  type(event) {
    const { name } = event.currentTarget.dataset;
    this.setData({ ['form.' + name]: event.detail.value, ['error.' + name]: '' });
  },

  openPoints() { this.setData({ choosing: true }); },
  closePoints() { this.setData({ choosing: false }); },
  choosePoint(event) { this.setData({ at: event.currentTarget.dataset.at, choosing: false }); },

  submit: once(async function submit() {
    const missing = missingField(this.data.method, this.data.form);
    if (missing) {
      this.setData({ ['error.' + missing.name]: missing.words });
      tell(missing.words);
      return;
    }
    this.setData({ busy: true });
    await this.place(false);
    this.rest();
  }),

  /** After the order was placed the page is gone. */
  rest() {
    if (!this.left) this.setData({ busy: false });
  },

  async place(again) {
    const { points, at, method, form } = this.data;
    let order;
    try {
      order = await api.post('/api/resident/orders', orderBody(this.cart, points[at], method, form, again));
    } catch (problem) {
      await this.refused(problem);
      return;
    }
    cart.clear();
    await this.payAndLeave(order);
  },

  async payAndLeave(order) {
    let how = 'none';
    if (order.state === 'pending_payment') {
      how = await this.payNow(order);
    }
    if (how === 'paid') await subscribe.offer(subscribe.ABOUT_ORDERS);
    this.left = true;
    wx.redirectTo({ url: '/pages/order/order?id=' + order.id + '&after=' + (how === 'earlier' ? 'paid' : how) });
  },

  async payNow(order) {
    try {
      return await pay('/api/resident/orders/' + order.id + '/payments');
    } catch (problem) {
      await tellProblem(problem);
      return 'failed';
    }
  },

  async refused(problem) {
    if (problem.code === 'duplicate_order') {
      if (await ask('再来一份？', problem.message, { yes: '再来一份', no: '不用了' })) await this.place(true);
    } else if (problem.code === 'consent_needed') {
      await this.showPapers();
    } else if (problem.code === 'sold_out' || problem.code === 'limit_reached') {
      await this.lessThan(problem);
    } else {
      if (problem.errors) this.setData({ error: whatToDo(problem.errors) });
      await tellProblem(problem);
    }
  },

  /** Fewer are left than were wanted: take what is left, or go back and choose otherwise. */
  async lessThan(problem) {
    const offer = this.seen.offers.find((each) => each.name === problem.facts.offer);
    const line = this.cart.lines.find((each) => (offer ? each.offer === offer.id : this.cart.lines.length === 1));
    const left = problem.code === 'sold_out' ? problem.facts.free : 0;
    if (line && left > 0 && await this.takesLess(problem, left)) {
      line.units = left;
      this.setData(this.lines());
      return;
    }
    if (!(left > 0)) await ask('', problem.message, { only: true, yes: '重新选' });
    this.left = true;
    wx.navigateBack();
  },

  takesLess(problem, left) {
    return ask('余量不足', problem.message + '\n要改成 ' + left + ' 份吗？', { yes: '改数量', no: '重新选' });
  },

  async showPapers() {
    try {
      const all = await consent.documents();
      this.setData({ papers: all.filter((paper) => !paper.agreed), agreeing: true });
    } catch (problem) {
      await tellProblem(problem);
    }
  },

  closePapers() { this.setData({ agreeing: false }); },

  agree: once(async function agree() {
    this.setData({ busy: true });
    try {
      await consent.agree(this.data.papers);
      this.setData({ agreeing: false });
      await this.place(false);
    } catch (problem) {
      await tellProblem(problem);
    }
    this.rest();
  }),
});
