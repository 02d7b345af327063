// One thing on sale in the form of a campaign: picked from what was sold before, or named here for the first time.
const { choose } = require('../../../lib/pictures.js');
const { CHOICES, blankTier } = require('../../lib/terms.js');

const MOST_TIERS = 5;

Component({
  options: { addGlobalClass: true },
  properties: {
    offer: Object,
    index: Number,
    errors: Object,
    sold: Array,
    alone: Boolean,
  },
  data: { categories: CHOICES.categories, said: {}, suggested: [] },
  observers: {
    'errors, index'(errors, index) {
      const said = { tiers: [] };
      Object.keys(errors || {}).forEach((path) => {
        const parts = path.split('.');
        if (parts[0] !== 'offers' || Number(parts[1]) !== index) return;
        if (parts[2] === 'tiers') said.tiers[Number(parts[3]) || 0] = errors[path];
        else said[parts[2] || 'name'] = errors[path];
      });
      this.setData({ said });
    },
    'sold, offer'(sold, offer) {
      const typed = ((offer && offer.name) || '').trim();
      const fits = offer && !offer.sku_id ? (sold || []).filter((one) => one.label.includes(typed)) : [];
      this.setData({ suggested: fits.slice(0, 6) });
    },
  },
  methods: {
    change(changes) {
      this.triggerEvent('change', { index: this.data.index, changes });
    },
    write(event) {
      this.change({ [event.currentTarget.dataset.field]: event.detail.value });
    },
    pick(event) {
      const one = this.data.suggested[event.currentTarget.dataset.place];
      this.change({ sku_id: one.sku_id, name: one.name, unit: one.unit });
    },
    unpick() {
      this.change({ sku_id: '', product_id: '', name: '' });
    },
    unfold() {
      this.change({ more: !this.data.offer.more });
    },
    setCategory(event) {
      this.change({ category: Number(event.detail.value) });
    },
    setFresh(event) {
      this.change({ fresh: event.detail.value });
    },
    async addPicture() {
      const [picture] = await choose(1);
      if (picture) this.change({ picture });
    },
    addTier() {
      const tiers = this.data.offer.tiers;
      if (tiers.length < MOST_TIERS) this.change({ tiers: tiers.concat(blankTier()) });
    },
    dropTier(event) {
      const place = Number(event.currentTarget.dataset.place);
      this.change({ tiers: this.data.offer.tiers.filter((_, at) => at !== place) });
    },
    writeTier(event) {
      const { place, field } = event.currentTarget.dataset;
      const tiers = this.data.offer.tiers.map((tier, at) => (
        at === Number(place) ? Object.assign({}, tier, { [field]: event.detail.value }) : tier
      ));
      this.change({ tiers });
    },
    drop() {
      this.triggerEvent('drop', { index: this.data.index });
    },
  },
});
