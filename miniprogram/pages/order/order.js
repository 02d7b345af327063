// One order: where it stands, its pickup, its money, and what may be done with it now.
const api = require('../../lib/api.js');
const { go } = require('../../lib/go.js');
const { once } = require('../../lib/once.js');
const { ask, loading, tell, tellProblem } = require('../../lib/page.js');
const { lookUp, pay } = require('../../lib/pay.js');
const { copy } = require('../../lib/permitted.js');
const subscribe = require('../../lib/subscribe.js');
const { mark } = require('../../lib/words.js');
const { shapeOrder, shapePickup } = require('./shape.js');

const FRESH_MS = 6000;
const TOLD = { paid: '付款成功', cancelled: '还没有付款', failed: '付款没有完成' };

/**
 * A tap that runs once, with data.busy naming what runs; refusals are said.
 * @param {string} name
 * @param {(this: any, ...given: any[]) => Promise<any>} act
 */
function acting(name, act) {
  return once(async function action(...given) {
    this.setData({ busy: name });
    try {
      await act.apply(this, given);
    } catch (problem) {
      await tellProblem(problem);
    }
    this.setData({ busy: '' });
  });
}

Page({
  path: '',
  after: '',
  timer: 0,

  data: {
    status: 'loading', problem: '', order: null, pickup: null, qr: '', busy: '', points: [], moving: false, pass: null, earlier: null,
    passing: false, label: '', paying: false, reminding: false, address: null, told: '',
  },

  onLoad(query) {
    this.path = '/api/resident/orders/' + query.id;
    this.after = query.after || '';
    this.prepareReminder(this.after === 'none');
  },

  /** Messages may only be asked about in a tap or after a payment: an order without one shows where to tap. */
  async prepareReminder(wanted) {
    const templates = await subscribe.prepare();
    if (wanted && templates.length) this.setData({ reminding: true });
  },

  remind: once(async function remind() {
    await subscribe.offer(subscribe.ABOUT_ORDERS);
    this.setData({ reminding: false });
  }),

  onShow() {
    this.load();
    this.timer = setInterval(() => this.refresh(), FRESH_MS);
  },

  onHide() { clearInterval(this.timer); },
  onUnload() { clearInterval(this.timer); },
  onPullDownRefresh() { this.load(); },

  async load() {
    if (this.after === 'paid') await lookUp(this.path.split('/').pop());
    const order = await loading(this, this.fetchOrder(), (seen) => ({
      order: shapeOrder(seen), told: this.tellAfter(seen),
    }));
    if (order) this.loadPickup(order);
  },

  /** Somebody else's order, opened by its link, can only be paid for. */
  async fetchOrder() {
    try {
      return await api.get(this.path);
    } catch (problem) {
      if (problem.status === 404) wx.redirectTo({ url: '/pages/payfor/payfor?id=' + this.path.split('/').pop() });
      throw problem;
    }
  },

  tellAfter(order) {
    const { after } = this;
    if (!after) return this.data.order && order.state === this.data.order.raw ? this.data.told : '';
    this.after = '';
    const unpaid = order.state === 'pending_payment';
    if (after === 'paid') return unpaid ? '付款结果还没到，稍等会自动更新，也可点查一下。' : TOLD.paid;
    return unpaid ? TOLD[after] || '' : '';
  },

  async loadPickup(order) {
    if (order.state !== 'ready' && order.state !== 'collected') return;
    try {
      const pickup = await api.get(this.path + '/pickup');
      const same = this.data.pickup && this.data.pickup.code === pickup.code;
      this.setData({ pickup: shapePickup(pickup) });
      if (pickup.code && !(same && this.data.qr)) this.setData({ qr: await api.download(this.path + '/pickup/qr.png') });
    } catch (problem) {
      this.setData({ problem: problem.message });
    }
  },

  /** Looks again by itself while something is under way; a failure leaves what is shown. */
  async refresh() {
    const { order } = this.data;
    if (!order || this.data.busy || !(order.moving || order.waiting)) return;
    try {
      const seen = await api.get(this.path);
      this.setData({ order: shapeOrder(seen) });
      if (seen.state !== order.raw) this.loadPickup(seen);
    } catch (problem) {
      return;
    }
  },

  show(seen) { this.setData({ order: shapeOrder(seen) }); },

  pay: acting('pay', async function payNow() {
    await this.came(await pay(this.path + '/payments'));
  }),

  async came(how) {
    this.after = how === 'earlier' ? 'paid' : how;
    if (how === 'paid') await subscribe.offer(subscribe.ABOUT_ORDERS);
    await this.load();
  },

  lookUp: acting('look', async function look() {
    const state = await lookUp(this.data.order.id);
    await this.load();
    await tell(state === '' ? '现在查不到，稍后再试' : state === 'pending_payment' ? '还没有收到付款' : '已更新');
  }),

  reissue: acting('reissue', async function reissue() {
    if (!await ask('换一个提货码？', '旧的码和二维码马上作废。', { yes: '换码' })) return;
    const pickup = await api.post(this.path + '/pickup/reissue');
    this.setData({ pickup: shapePickup(pickup), qr: '' });
    this.setData({ qr: await api.download(this.path + '/pickup/qr.png') });
  }),

  openMove: acting('points', async function openMove() {
    const seen = await api.get('/api/resident/campaigns/' + this.data.order.campaign, null, api.OPEN);
    this.setData({ points: seen.points, moving: true });
  }),

  move: acting('move', async function move(event) {
    const { id, name } = event.currentTarget.dataset;
    if (!await ask('改到' + name + '？', '到货后到新的自提点取。', { yes: '改过去' })) return;
    this.show(await api.put(this.path + '/point', { point_id: id }));
    this.setData({ moving: false });
    await tell('已改到新的自提点');
  }),

  receipt: acting('receipt', async function receipt() {
    if (!await ask('确认收到货？', '确认后开始计算售后时间。', { yes: '收到了' })) return;
    this.show(await api.post(this.path + '/receipt'));
  }),

  showAddress: acting('address', async function showAddress() {
    this.setData({ address: await api.get(this.path + '/address') });
  }),

  makePass: acting('pass', async function makePass() {
    this.setData({ pass: await api.post(this.path + '/passes', { label: this.data.label.trim() || '邻居' }) });
  }),

  revokePass: acting('pass', async function revokePass() {
    await api.del(this.path + '/passes/' + (this.data.pass || this.data.earlier).id);
    this.setData({ pass: null, earlier: null });
    await tell('代取码已作废');
  }),

  typeLabel(event) { this.setData({ label: event.detail.value }); },
  openPass: acting('pass', async function openPass() {
    const { items } = await api.get(this.path + '/passes');
    this.setData({ passing: true, earlier: items[0] ? Object.assign({}, items[0], { mark: mark(items[0].label_check) }) : null });
  }),

  openPayFor() { this.setData({ paying: true }); },
  closeAll() { this.setData({ moving: false, passing: false, paying: false, reminding: false }); },

  onShareAppMessage() {
    const { order, passing, pass } = this.data;
    if (passing && pass) return { title: '请帮我取一下：' + order.title, path: '/' + pass.path };
    if (order.payable) return { title: '请帮我付一下：' + order.title, path: '/pages/payfor/payfor?id=' + order.id };
    return { title: order.title, path: '/pages/campaign/campaign?id=' + order.campaign };
  },

  openRefund() { go('/pages/refund/refund?id=' + this.data.order.id); },
  openCampaign() { go('/pages/campaign/campaign?id=' + this.data.order.campaign); },

  openClaim(event) {
    const { id, line } = event.currentTarget.dataset;
    go('/pages/claim/claim?' + (id ? 'id=' + id : 'order=' + this.data.order.id + '&line=' + line));
  },

  copy(event) {
    copy(event.currentTarget.dataset.text);
  },

  enlarge() { wx.previewImage({ urls: [this.data.qr], current: this.data.qr }); },
});
