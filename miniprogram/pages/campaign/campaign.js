// A campaign: its offers with tiers, who joined, who leads and sells, and the way to the checkout.
const api = require('../../lib/api.js');
const cart = require('../../lib/cart.js');
const { follow } = require('../../lib/follow.js');
const { go } = require('../../lib/go.js');
const { watch } = require('../../lib/live.js');
const { yuan } = require('../../lib/money.js');
const { estimate, shapeOffer } = require('../../lib/offers.js');
const { once } = require('../../lib/once.js');
const { loading, more, tell, tellProblem } = require('../../lib/page.js');
const share = require('../../lib/share.js');
const { shapeCampaign, shapeEntry } = require('./shape.js');

Page({
  id: '',
  query: {},
  chosen: {},
  seen: null,
  stop: null,
  soon: 0,
  told: false,

  data: {
    status: 'loading', problem: '', campaign: null, offers: [], items: [], cursor: null, more: '', leader: null,
    count: 0, total: '', sharing: false, ticket: null, drawing: false, followBusy: false, opened: '',
  },

  onLoad(query) {
    this.query = query;
    this.chosen = {};
    this.told = !query.share;
    this.load();
  },

  onShow() {
    if (this.id && !this.stop) this.listen();
  },

  onHide() { this.silence(); },
  onUnload() { this.silence(); },

  async find() {
    if (this.query.id) return this.query.id;
    const scene = decodeURIComponent(this.query.scene || '');
    return (await api.get('/api/resident/links/' + scene, null, api.OPEN)).campaign;
  },

  async fetchAll() {
    this.id = this.id || await this.find();
    const path = '/api/resident/campaigns/' + this.id;
    const roster = api.get(path + '/roster', { limit: 20 }, api.OPEN).catch(() => ({ items: [], next_cursor: null }));
    return [await api.get(path, { via: this.query.via }, api.OPEN), await roster];
  },

  async load() {
    const found = await loading(this, this.fetchAll(), ([seen, roster]) => this.shown(seen, roster));
    if (!found) return;
    if (!this.stop) this.listen();
    this.loadLeader();
    if (!this.told) this.told = await share.opened(this.query.share);
  },

  shown(seen, roster) {
    const data = this.offersOf(seen);
    return Object.assign(data, { items: roster.items.map(shapeEntry), cursor: roster.next_cursor, more: '' });
  },

  offersOf(seen) {
    if (!this.seen) this.chooseTheOnlyOne(seen);
    this.seen = seen;
    const offers = seen.offers.map((offer) => shapeOffer(offer, this.chosen[offer.id]));
    for (const offer of offers) this.chosen[offer.id] = offer.units;
    return Object.assign({ campaign: shapeCampaign(seen), offers }, this.sum());
  },

  /** Where there is but one thing to choose, one unit of it is chosen already. */
  chooseTheOnlyOne(seen) {
    const free = seen.takes_orders ? seen.offers.map((offer) => shapeOffer(offer, 0)).filter((offer) => offer.most && offer.open) : [];
    if (free.length === 1) this.chosen[free[0].id] = 1;
  },

  sum() {
    const about = estimate(this.seen, this.chosen);
    return { count: about.count, total: '约 ' + yuan(about.total) };
  },

  async loadLeader() {
    try {
      this.setData({ leader: await api.get('/api/resident/leaders/' + this.seen.leader_id) });
    } catch (problem) {
      this.setData({ leader: null });
    }
  },

  listen() {
    this.stop = watch(this.id, (seen) => {
      if (!this.seen || seen.revision <= this.seen.revision) return;
      this.setData({
        'campaign.people': seen.participant_count + ' 人参团',
        'campaign.progress': seen.progress.text,
      });
      this.reload();
    });
  },

  silence() {
    if (this.stop) this.stop();
    this.stop = null;
    clearTimeout(this.soon);
  },

  /** The whole page once the count has moved; many moves in a moment are one reading. */
  reload() {
    clearTimeout(this.soon);
    this.soon = setTimeout(async () => {
      try {
        const [seen, roster] = await this.fetchAll();
        if (seen.revision >= this.seen.revision) this.setData(this.shown(seen, roster));
      } catch (problem) {
        return;
      }
    }, 400);
  },

  onPullDownRefresh() { this.load(); },

  onReachBottom() {
    const path = '/api/resident/campaigns/' + this.id + '/roster';
    more(this, (cursor) => api.get(path, { limit: 20, cursor }, api.OPEN), shapeEntry);
  },

  change(event) {
    const { id, at } = event.currentTarget.dataset;
    this.chosen[id] = event.detail.value;
    this.setData(Object.assign({ ['offers[' + at + '].units']: event.detail.value }, this.sum()));
  },

  limit(event) {
    const offer = this.data.offers[event.currentTarget.dataset.at];
    if (event.detail.value > offer.most) tell('最多 ' + offer.most + ' ' + offer.unit);
  },

  look(event) {
    const offer = this.data.offers[event.currentTarget.dataset.at];
    if (offer.pictures.length) wx.previewImage({ urls: offer.pictures, current: offer.picture });
  },

  unfold(event) {
    const { id } = event.currentTarget.dataset;
    this.setData({ opened: this.data.opened === id ? '' : id });
  },

  checkout() {
    if (!this.data.count) {
      tell('先选一份商品');
      return;
    }
    cart.keep(this.id, this.chosen, this.seen.via ? this.seen.via.id : '');
    go('/pages/checkout/checkout');
  },

  openLeader() { go('/pages/leader-card/leader-card?id=' + this.seen.leader_id); },

  follow,

  share: once(async function prepareShare() {
    this.setData({ sharing: true, ticket: null });
    try {
      this.setData({ ticket: await share.prepare(this.id) });
    } catch (problem) {
      this.setData({ ticket: { failed: problem.message } });
    }
  }),

  closeShare() { this.setData({ sharing: false }); },

  poster: once(async function poster() {
    this.setData({ drawing: true });
    try {
      const path = await api.download('/api/resident/campaigns/' + this.id + '/poster.png');
      wx.previewImage({ urls: [path], current: path });
    } catch (problem) {
      await tellProblem(problem);
    }
    this.setData({ drawing: false });
  }),

  onShareAppMessage() {
    const { ticket, campaign, offers } = this.data;
    return share.card(ticket, this.id, campaign.title, offers.length ? offers[0].picture : '');
  },
});
