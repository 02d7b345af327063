// A campaign as residents are going to see it, from the server's own answer; then opened, timed, or kept as a draft.
const { yuan } = require('../../../lib/money.js');
const { when } = require('../../../lib/time.js');
const { pictureUrl } = require('../../../lib/pictures.js');
const { BELOW_MINIMUM, DELIVERY, POLICY } = require('../../../lib/words.js');

function minimumOf(campaign) {
  const { kind, minimum } = campaign.progress;
  if (!minimum) return '没有门槛，到点就成团';
  const amount = kind === 'amount' ? yuan(minimum) : `${minimum} ${kind === 'people' ? '人' : '份'}`;
  return `满 ${amount}成团，${BELOW_MINIMUM[campaign.below_minimum]}`;
}

function offerOf(offer, own) {
  const limits = [
    offer.quota ? `共 ${offer.quota} ${offer.unit}` : '',
    offer.per_person ? `每人限购 ${offer.per_person} ${offer.unit}` : '',
    offer.minimum_units ? `满 ${offer.minimum_units} ${offer.unit}起订` : '',
  ];
  return {
    id: offer.id, name: offer.name, unit: offer.unit, price_fen: offer.price_fen,
    picture: pictureUrl(offer.pictures[0]) || own || '', checking: Boolean(own && !offer.pictures.length),
    limits: limits.filter(Boolean).join(' · '), pickup: offer.pickup_promise, aftersales: offer.aftersales_promise,
    tiers: offer.pricing.tiers.map((tier) => `满 ${tier.from_units} ${offer.unit} ${yuan(tier.price_fen)}`).join('，'),
  };
}

function rulesOf(campaign) {
  const fee = campaign.delivery_fee_fen ? `，配送费 ${yuan(campaign.delivery_fee_fen)}` : '';
  const least = campaign.delivery_minimum_fen ? `，满 ${yuan(campaign.delivery_minimum_fen)} 起送` : '';
  const off = campaign.discount_over_fen
    ? `满 ${yuan(campaign.discount_over_fen)} 减 ${yuan(campaign.discount_fen)}` : '';
  return [
    minimumOf(campaign), `${POLICY[campaign.payment_policy]}，${DELIVERY[campaign.delivery_method]}${fee}${least}`, off,
    `自提点：${campaign.points.map((point) => point.name).join('、')}`, `卖家：${campaign.seller}`,
  ].filter(Boolean);
}

Component({
  options: { addGlobalClass: true },
  properties: { show: Boolean, campaign: Object, own: Array, timed: Boolean, busy: String, problem: String },
  data: { closes: '', opens: '', offers: [], rules: [] },
  observers: {
    campaign(campaign) {
      if (!campaign || !campaign.id) return;
      this.setData({
        closes: when(campaign.closes_at), opens: when(campaign.opens_at),
        offers: campaign.offers.map((offer, index) => offerOf(offer, (this.data.own || [])[index])),
        rules: rulesOf(campaign),
      });
    },
  },
  methods: {
    leave() {
      this.triggerEvent('close');
    },
    open() {
      this.triggerEvent('open');
    },
    schedule() {
      this.triggerEvent('schedule');
    },
    keep() {
      this.triggerEvent('keep');
    },
  },
});
