// A campaign as a form (texts and choices) and as the server takes it (fen, instants, basis points).
const { fenOf: fen } = require('../../lib/money.js');
const { typed, whole, bps } = require('./amount.js');
const { parts, iso, evening } = require('./dates.js');

const DAY_MS = 24 * 3600 * 1000;
const MINIMUM_KINDS = ['people', 'units', 'amount'];
const BELOW = ['fail', 'form_anyway', 'extend'];
const PAYMENTS = ['prepaid', 'on_pickup'];
const WAYS = ['pickup', 'door', 'courier'];
const SHORTAGES = ['one_each', 'first_come', 'in_proportion'];
const CATEGORIES = [
  'fruit', 'vegetable', 'meat', 'seafood', 'dairy', 'eggs', 'bakery', 'cooked', 'frozen', 'grain_oil', 'snacks',
  'drinks', 'flowers', 'household', 'personal_care', 'other',
];
const CHOICES = {
  minimumKinds: ['人', '份', '元'],
  below: ['不够就流团，全部退款', '不够也成团', '不够就顺延一次'],
  payments: ['先付款', '收货付款'],
  ways: ['到自提点取', '送到门口', '快递'],
  shortages: ['先保证每人一份', '先付款先得', '按份数比例'],
  categories: [
    '水果', '蔬菜', '肉类', '海鲜', '奶品', '蛋类', '烘焙', '熟食', '冷冻', '粮油', '零食', '饮料', '鲜花', '日用', '个护',
    '其他',
  ],
};

let made = 0;

/** A key by which a list knows its rows, however they are moved. */
function key() {
  made += 1;
  return made;
}

function blankTier() {
  return { key: key(), from: '', price: '' };
}

function blankOffer() {
  return {
    key: key(), sku_id: '', product_id: '', name: '', unit: '份', price: '', supply: '', commission: '10',
    quota: '', perPerson: '', minimum: '', tiers: [], category: 0, fresh: true, picture: '', aliases: [], more: false,
  };
}

/** A form with the defaults of most campaigns: closes tomorrow at 20:00, every point of mine, paid first. */
function blank(nowMs, seller, points) {
  const close = evening(nowMs, 1);
  const later = evening(nowMs, 3);
  return {
    title: '', description: '', seller, arrivalText: '', closesDate: close.date, closesTime: close.time,
    timed: false, opensDate: parts(nowMs).date, opensTime: '18:00', extendDate: later.date, extendTime: later.time,
    minimum: '', minimumKind: 0, below: 0, closeOnTarget: false, payment: 0, way: 0, fee: '', least: '',
    over: '', off: '', shortage: 0, helpSell: '', hold: null, points: points.map((point) => Object.assign({ on: true }, point)),
    offers: [blankOffer()],
  };
}

/** The form of a campaign that is already written down. */
function ofCampaign(campaign, points, nowMs) {
  const closes = parts(Date.parse(campaign.closes_at));
  const opens = parts(Date.parse(campaign.opens_at));
  const extend = campaign.extend_until
    ? parts(Date.parse(campaign.extend_until)) : parts(Date.parse(campaign.closes_at) + 2 * DAY_MS);
  const amount = (value) => (value ? typed(value) : '');
  return Object.assign(blank(nowMs, campaign.seller, []), {
    title: campaign.title, description: campaign.description, arrivalText: campaign.arrival_text,
    closesDate: closes.date, closesTime: closes.time, timed: Date.parse(campaign.opens_at) > nowMs,
    opensDate: opens.date, opensTime: opens.time, extendDate: extend.date, extendTime: extend.time,
    minimumKind: MINIMUM_KINDS.indexOf(campaign.progress.kind), below: BELOW.indexOf(campaign.below_minimum),
    minimum: campaign.progress.kind === 'amount' ? amount(campaign.progress.minimum) : text(campaign.progress.minimum),
    closeOnTarget: campaign.close_on_target, payment: PAYMENTS.indexOf(campaign.payment_policy),
    way: WAYS.indexOf(campaign.delivery_method), fee: amount(campaign.delivery_fee_fen),
    least: amount(campaign.delivery_minimum_fen), over: amount(campaign.discount_over_fen),
    off: amount(campaign.discount_fen), shortage: SHORTAGES.indexOf(campaign.shortage_mode),
    helpSell: amount(campaign.help_sell_bps), hold: campaign.hold_minutes, offers: campaign.offers.map(ofOffer),
    points: points.map((point) => Object.assign({}, point, { on: campaign.points.some((own) => own.id === point.id) })),
  });
}

function ofOffer(offer) {
  return Object.assign(blankOffer(), {
    sku_id: offer.sku_id, name: offer.name, unit: offer.unit, price: typed(offer.price_fen),
    commission: typed(offer.commission_bps), quota: text(offer.quota), perPerson: text(offer.per_person),
    minimum: text(offer.minimum_units), aliases: offer.aliases,
    tiers: offer.pricing.tiers.map(
      (tier) => ({ key: key(), from: String(tier.from_units), price: typed(tier.price_fen) }),
    ),
  });
}

function text(number) {
  return number ? String(number) : '';
}

/** A title of its own, or the names of what is sold. */
function titleOf(form) {
  return form.title.trim() || form.offers.map((offer) => offer.name.trim()).filter(Boolean).join('、').slice(0, 80);
}

/** The body the server takes; what cannot be read is undefined and refused there beside its field. */
function body(form) {
  const minimum = optional(form.minimumKind === 2 ? fen : whole, form.minimum, 0);
  const below = minimum ? BELOW[form.below] : 'fail';
  const brought = form.way > 0;
  return {
    title: titleOf(form), seller: form.seller, description: form.description, arrival_text: form.arrivalText,
    closes_at: iso(form.closesDate, form.closesTime),
    opens_at: form.timed ? iso(form.opensDate, form.opensTime) : null,
    extend_until: below === 'extend' ? iso(form.extendDate, form.extendTime) : null,
    minimum, minimum_kind: MINIMUM_KINDS[form.minimumKind], below_minimum: below,
    close_on_target: Boolean(minimum) && form.closeOnTarget, payment_policy: PAYMENTS[form.payment],
    delivery_method: WAYS[form.way], delivery_fee_fen: brought ? optional(fen, form.fee, 0) : 0,
    delivery_minimum_fen: brought ? optional(fen, form.least, 0) : 0,
    discount_over_fen: optional(fen, form.over, 0), discount_fen: optional(fen, form.off, 0),
    shortage_mode: SHORTAGES[form.shortage], help_sell_bps: optional(bps, form.helpSell, 0), hold_minutes: form.hold,
    points: form.points.filter((point) => point.on).map((point) => point.id), offers: form.offers.map(offerBody),
  };
}

function offerBody(offer) {
  return {
    sku_id: offer.sku_id, name: offer.name.trim(), price_fen: read(fen, offer.price), aliases: offer.aliases,
    commission_bps: read(bps, offer.commission), quota: optional(whole, offer.quota, null),
    per_person: optional(whole, offer.perPerson, null), minimum_units: optional(whole, offer.minimum, 0),
    tiers: offer.tiers.filter((tier) => tier.from !== '' || tier.price !== '').map(
      (tier) => ({ from_units: read(whole, tier.from), price_fen: read(fen, tier.price) }),
    ),
  };
}

/** What a text says, or the text itself: the server refuses a text where a number belongs, and names the field. */
function read(reader, typedText) {
  const value = reader(typedText);
  return value === null ? String(typedText) : value;
}

function optional(reader, typedText, missing) {
  return String(typedText).trim() === '' ? missing : read(reader, typedText);
}

module.exports = { CATEGORIES, CHOICES, blank, blankOffer, blankTier, ofCampaign, titleOf, body };
