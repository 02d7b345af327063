// Offers as they stand on a campaign's page, and what a choice would cost: an estimate, the server says the sum.
const { yuan } = require('./money.js');
const { pictureUrl } = require('./pictures.js');

const MOST = 99;

function limits(offer) {
  const free = offer.free === null ? MOST : offer.free;
  return Math.max(0, Math.min(MOST, free, offer.per_person || MOST));
}

function notes(offer) {
  const said = [];
  if (offer.state === 'open' && offer.free > 0) said.push('剩 ' + offer.free + ' ' + offer.unit);
  if (offer.state === 'open' && offer.per_person) said.push('每人限 ' + offer.per_person + ' ' + offer.unit);
  if (offer.sold_units) said.push('已团 ' + offer.sold_units + ' ' + offer.unit);
  return said.join(' · ');
}

function formation(offer) {
  const missing = offer.minimum_units - offer.pricing.counted_units;
  if (offer.state === 'failed') return '这一项没有成团，已付的款会原路退回';
  if (offer.state !== 'open' || !offer.minimum_units) return '';
  return missing > 0 ? '还差 ' + missing + ' 份成团' : '已达 ' + offer.minimum_units + ' 份，截团时确认';
}

function tiers(offer) {
  const rows = [{ from_units: 1, price_fen: offer.price_fen }].concat(offer.pricing.tiers);
  return rows.map((tier, at) => ({
    text: (at ? '满 ' + tier.from_units + ' 份 ' : '起价 ') + yuan(tier.price_fen),
    reached: tier.price_fen === offer.pricing.unit_fen,
  }));
}

/** An offer of a campaign's page with the words to show, and `units` of the visitor's choice. */
function shapeOffer(offer, units) {
  return {
    id: offer.id,
    name: offer.name,
    spec: offer.spec,
    unit: offer.unit,
    description: offer.description,
    pictures: offer.pictures.map(pictureUrl),
    picture: pictureUrl(offer.pictures[0]),
    initial: offer.name.slice(0, 1),
    price_fen: offer.pricing.unit_fen,
    base_fen: offer.price_fen,
    cheaper: offer.pricing.unit_fen < offer.price_fen,
    milestone: offer.pricing.text,
    tiers: offer.pricing.tiers.length ? tiers(offer) : [],
    notes: notes(offer),
    formation: formation(offer),
    promises: [offer.pickup_promise, offer.aftersales_promise].filter(Boolean).join('；'),
    fresh: offer.fresh,
    open: offer.state === 'open',
    sold_out: offer.free === 0 && offer.state === 'open',
    most: limits(offer),
    units: Math.min(units || 0, limits(offer)),
  };
}

function unitFen(offer, units) {
  const counted = offer.pricing.counted_units + units;
  const reached = offer.pricing.tiers.filter((tier) => tier.from_units <= counted);
  return reached.length ? Math.min(...reached.map((tier) => tier.price_fen)) : offer.price_fen;
}

/** What `chosen` ({offer id: units}) would cost at what is known now; always shown as 约. */
function estimate(campaign, chosen) {
  let count = 0;
  let goods = 0;
  for (const offer of campaign.offers) {
    const units = chosen[offer.id] || 0;
    count += units;
    goods += units * unitFen(offer, units);
  }
  const discount = campaign.discount_over_fen && goods >= campaign.discount_over_fen ? campaign.discount_fen : 0;
  const fee = campaign.delivery_fee_fen || 0;
  const short = Math.max(0, (campaign.delivery_minimum_fen || 0) - goods);
  return { count, goods, discount, fee, short, total: Math.max(0, goods - discount + fee) };
}

module.exports = { shapeOffer, estimate };
