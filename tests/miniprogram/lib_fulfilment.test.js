// Each way in which goods reach their buyer has its own words; what is brought is nowhere said to be fetched.
const assert = require('node:assert');
const test = require('node:test');

globalThis.wx = { getStorageSync: () => '' };
const words = require('../../miniprogram/lib/words.js');
const { shapeOrder } = require('../../miniprogram/pages/order/shape.js');

const WAYS = ['pickup', 'door', 'courier'];
const STATES = Object.keys(words.ORDER);
const LINE = {
  id: 'l', offer_name: '蟹', spec: '', unit: '份', ordered_units: 2, arrived_units: 2, collected_units: 1, refunded_units: 0,
  refunded_after_units: 0, unit_price_fen: 100, amount_fen: 200, explained: [''],
};

const shown = (way, state, due) => shapeOrder({
  id: 'o', campaign: 'c', campaign_title: '', state, delivery_method: way, building: '3栋', room: '101', point_name: '南门',
  payment_policy: due ? 'on_pickup' : 'prepaid', due_fen: due, created_at: '2026-11-20T04:00:00Z', lines: [LINE], refunds: [],
  claims: [], total_fen: 200, paid_fen: 0, refunded_fen: 0, refunding_fen: 0, delivery_fee_fen: 0, parcel: null,
});

test('every state and way of delivery has a word', () => {
  assert.deepStrictEqual(Object.keys(words.DELIVERY), WAYS);
  for (const way of WAYS) for (const state of STATES) {
    assert.match(words.orderState({ delivery_method: way, state }), /[\u4e00-\u9fff]/);
    assert.match(shown(way, state, 0).tells, /[\u4e00-\u9fff]/);
  }
});

test('an order that is brought never says 提货 or 自提', () => {
  const fetched = /提货|自提|已提 |凭码/;
  for (const state of STATES) for (const due of [0, 200]) {
    for (const way of ['door', 'courier']) assert.doesNotMatch(JSON.stringify(shown(way, state, due)), fetched);
  }
  assert.match(JSON.stringify(shown('pickup', 'ready', 0)), fetched);
});
