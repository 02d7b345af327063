// Writing a campaign: few fields, sensible defaults, the server's refusals beside their fields, a preview, then open.
const api = require('../../../lib/api.js');
const { go } = require('../../../lib/go.js');
const { loading, ask, tell } = require('../../../lib/page.js');
const { once } = require('../../../lib/once.js');
const time = require('../../../lib/time.js');
const { orApply } = require('../../lib/door.js');
const { fieldErrors } = require('../../lib/problems.js');
const { sold, makeMissing, unfinished } = require('../../lib/catalog.js');
const { CHOICES, blank, blankOffer, ofCampaign, body } = require('../../lib/terms.js');
const { iso } = require('../../lib/dates.js');

const MOST_OFFERS = 50;
const TOLD_AT = {
  price: 'price_fen', supply: 'supply_price_fen', perPerson: 'per_person', minimum: 'minimum_units',
  commission: 'commission_bps',
};

/** What was wrong, without what is being mended now. */
function without(errors, path) {
  const others = Object.entries(errors).filter(([one]) => one !== path && !one.startsWith(`${path}.`));
  return others.reduce((left, [one, sentence]) => Object.assign(left, { [one]: sentence }), {});
}

/** What the form starts with: the campaign to be rewritten, or the defaults with the seller of last time. */
async function beginning(id) {
  const [points, products, latest, application, written] = await Promise.all([
    api.get('/api/leader/points', { limit: 100 }), sold(), api.get('/api/leader/campaigns', { limit: 1 }),
    api.get('/api/resident/leader-application'), id ? api.get(`/api/leader/campaigns/${id}`) : null,
  ]);
  const last = latest.items[0] && !written ? await api.get(`/api/leader/campaigns/${latest.items[0].id}`) : null;
  const active = points.items.filter((point) => point.active).map(({ id: pointId, name }) => ({ id: pointId, name }));
  const seller = last ? last.campaign.seller : application.display_name;
  const now = time.serverNow();
  const form = written ? ofCampaign(written.campaign, active, now) : blank(now, seller, active);
  return { form, products };
}

Page({
  data: {
    status: 'loading', problem: '', form: null, sold: [], errors: {}, choices: CHOICES, closes: '', more: false,
    saving: false, preview: null, own: [], showPreview: false, busy: '', refused: '', general: '',
  },
  id: '',
  onLoad(query) {
    this.id = query.id || '';
    this.load();
  },
  load() {
    return loading(this, orApply(beginning(this.id)), ({ form, products }) => ({
      form, sold: products, closes: time.when(iso(form.closesDate, form.closesTime)), more: Boolean(this.id),
    }));
  },
  set(changes) {
    const data = {};
    Object.keys(changes).forEach((name) => { data[`form.${name}`] = changes[name]; });
    const form = Object.assign({}, this.data.form, changes);
    data.closes = time.when(iso(form.closesDate, form.closesTime));
    this.setData(data);
  },
  write(event) {
    const { field, path } = event.currentTarget.dataset;
    if (path) this.mended(path);
    this.set({ [field]: event.detail.value });
  },
  mended(path) {
    const errors = without(this.data.errors, path);
    if (Object.keys(errors).length === Object.keys(this.data.errors).length) return;
    this.setData({ errors, general: Object.keys(errors).length ? this.data.general : '' });
  },
  choose(event) {
    this.set({ [event.currentTarget.dataset.field]: Number(event.detail.value) });
  },
  togglePoint(event) {
    const at = Number(event.currentTarget.dataset.index);
    this.mended('points');
    const { points } = this.data.form;
    this.set({ points: points.map((one, i) => (i === at ? Object.assign({}, one, { on: !one.on }) : one)) });
  },
  changeOffer(event) {
    const { index, changes } = event.detail;
    const data = {};
    Object.keys(changes).forEach((name) => { data[`form.offers[${index}].${name}`] = changes[name]; });
    this.setData(data);
    Object.keys(changes).forEach((name) => this.mended(`offers.${index}.${TOLD_AT[name] || name}`));
  },
  addOffer() {
    if (this.data.form.offers.length < MOST_OFFERS) this.set({ offers: this.data.form.offers.concat(blankOffer()) });
  },
  dropOffer(event) {
    this.setData({ errors: {} });
    this.set({ offers: this.data.form.offers.filter((_, index) => index !== event.detail.index) });
  },
  unfold() {
    this.setData({ more: !this.data.more });
  },
  /** Writes the draft down, making products for what was never sold before; the campaign, or null when refused. */
  async save() {
    const form = this.data.form;
    const errors = unfinished(form.offers);
    if (!form.points.some((point) => point.on)) errors.points = '至少选一个自提点';
    if (Object.keys(errors).length) return this.refuse({ message: '' }, errors);
    try {
      const keep = (index, changes) => this.changeOffer({ detail: { index, changes } });
      await makeMissing(form.offers, form.seller, keep);
      const terms = body(this.data.form);
      const kept = await (this.id
        ? api.put(`/api/leader/campaigns/${this.id}`, terms) : api.post('/api/leader/campaigns', terms));
      this.id = kept.campaign.id;
      return kept.campaign;
    } catch (problem) {
      return this.refuse(problem, fieldErrors(problem));
    }
  },
  refuse(problem, errors) {
    const places = Object.keys(errors);
    const folded = places.some((path) => !/^(title|closes_at|points|offers)/.test(path));
    const hidden = places.filter((path) => !/\.(name|unit|price_fen)$/.test(path) || path.includes('.tiers.'));
    const offers = this.data.form.offers.map((offer, index) => Object.assign({}, offer, {
      more: offer.more || hidden.some((path) => path.startsWith(`offers.${index}.`)),
    }));
    const general = places.length ? '有几处要改，请看红字。' : problem.message;
    this.setData({ errors, general, more: this.data.more || folded, 'form.offers': offers });
    return null;
  },
  look: once(async function () {
    this.setData({ saving: true, errors: {}, general: '', refused: '' });
    const campaign = await this.save();
    const own = this.data.form.offers.map((offer) => offer.picture);
    this.setData(campaign ? { saving: false, own, preview: campaign, showPreview: true } : { saving: false });
  }),
  open: once(function () {
    return this.move('open');
  }),
  schedule: once(function () {
    return this.move('schedule');
  }),
  async move(name) {
    this.setData({ busy: name, refused: '' });
    try {
      await api.post(`/api/leader/campaigns/${this.id}/${name}`);
      wx.redirectTo({ url: `/leader/pages/campaign/campaign?id=${this.id}&opened=${name === 'open' ? 1 : 0}` });
    } catch (problem) {
      this.setData({ busy: '', refused: Object.values(fieldErrors(problem))[0] || problem.message });
    }
  },
  keep() {
    this.setData({ showPreview: false });
    tell('草稿已存好').then(() => wx.redirectTo({ url: `/leader/pages/campaign/campaign?id=${this.id}` }));
  },
  leavePreview() {
    this.setData({ showPreview: false });
  },
  async addPoint() {
    const wants = await ask('去加自提点', '加好以后回到这里，写好的内容都在。', { yes: '去添加' });
    if (wants) go('/leader/pages/staff/staff');
  },
  /** Points that were added meanwhile appear, chosen. */
  async onShow() {
    if (!this.data.form) return;
    const known = this.data.form.points;
    const page = await api.get('/api/leader/points', { limit: 100 }).catch(() => ({ items: [] }));
    const fresh = page.items.filter((point) => point.active && !known.some((one) => one.id === point.id));
    if (fresh.length) this.set({ points: known.concat(fresh.map(({ id, name }) => ({ id, name, on: true }))) });
  },
});
