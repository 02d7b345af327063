// Live counts: events arrive in any pieces, an older revision is never shown, and what a choice costs is reckoned.
const assert = require('node:assert');
const test = require('node:test');
const LIB = '../../miniprogram/lib/';

const bytes = (text) => Buffer.from(text);
const event = (seen) => bytes('id: 1\ndata: ' + JSON.stringify(seen) + '\n\n');
let chunk = null;
let aborted = 0;

globalThis.wx = {
  getAccountInfoSync: () => ({ miniProgram: { envVersion: 'develop' } }),
  getDeviceInfo: () => ({ brand: '', model: '' }),
  request: () => ({ onChunkReceived: (heard) => { chunk = (data) => heard({ data }); }, abort: () => { aborted += 1; } }),
};
const { reader } = require(LIB + 'events.js');
const { watch } = require(LIB + 'live.js');
const { estimate, shapeOffer } = require(LIB + 'offers.js');

test('an event is heard once it is whole, whatever the pieces, characters cut in two included', () => {
  const heard = [];
  const read = reader((data) => heard.push(JSON.parse(data).text));
  const whole = Buffer.concat([bytes(': still here\n\n'), event({ text: '还差 3 人' }), event({ text: '已达 10 份' })]);
  for (const byte of whole) read(Uint8Array.of(byte).buffer);
  assert.deepStrictEqual(heard, ['还差 3 人', '已达 10 份']);
});

test('an older count never replaces a newer one, and none is shown after the end', () => {
  const shown = [];
  const stop = watch('cmp_1', (seen) => shown.push(seen.revision));
  for (const revision of [4, 6, 5, 6, 7]) chunk(event({ revision }));
  stop();
  chunk(event({ revision: 8 }));
  assert.deepStrictEqual([shown, aborted], [[4, 6, 7], 1]);
});

const OFFER = {
  id: 'off_1', name: '大闸蟹', spec: '3两', unit: '份', description: '', pictures: [], price_fen: 3000, quota: 50, free: 7,
  per_person: 5, sold_units: 8, minimum_units: 10, state: 'open', fresh: true, pickup_promise: 'a', aftersales_promise: 'b',
  pricing: { counted_units: 8, unit_fen: 3000, missing_units: 2, next_price_fen: 2500, text: '还差 2 份降到 ¥25.00',
    tiers: [{ from_units: 10, price_fen: 2500 }] },
};

test('the own units count towards the tier, the discount and the least that is delivered', () => {
  const campaign = { offers: [OFFER], discount_over_fen: 5000, discount_fen: 500, delivery_fee_fen: 300, delivery_minimum_fen: 6000 };
  assert.deepStrictEqual(estimate(campaign, { off_1: 1 }), { count: 1, goods: 3000, discount: 0, fee: 300, short: 3000, total: 3300 });
  assert.deepStrictEqual(estimate(campaign, { off_1: 2 }), { count: 2, goods: 5000, discount: 500, fee: 300, short: 1000, total: 4800 });
});

test('an offer tells what is missing, and lets nobody choose more than there is', () => {
  const shown = shapeOffer(OFFER, 9);
  assert.deepStrictEqual([shown.formation, shown.most, shown.units], ['还差 2 份成团', 5, 5]);
  assert.strictEqual(shapeOffer(Object.assign({}, OFFER, { free: 0 }), 1).sold_out, true);
});
