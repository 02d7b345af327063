// A lease of thousands of orders under WeChat's limits: 1 MB a key, 10 MB in all.
const assert = require('node:assert');
const test = require('node:test');
const LIB = '../../miniprogram/station/lib/';

const KEY_BYTES = 1024 * 1024;
const ALL_BYTES = 10 * KEY_BYTES;
const UNTIL = '2099-01-01T10:00:00Z';
let kept = new Map();
let writes = [];
let sent = [];
let orders = [];

const bytes = (text) => Buffer.byteLength(text);
const all = () => [...kept].reduce((sum, [key, text]) => sum + bytes(key) + bytes(text), 0);
const pieces = () => [...kept.keys()].filter((key) => key.startsWith('station.lease.') && /\d$/.test(key));

globalThis.wx = {
  getAccountInfoSync: () => ({ miniProgram: { envVersion: 'develop' } }),
  getDeviceInfo: () => ({ brand: '', model: '' }),
  getStorageSync: (key) => (kept.has(key) ? JSON.parse(kept.get(key)) : ''),
  setStorageSync(key, value) {
    const text = JSON.stringify(value);
    const before = kept.has(key) ? bytes(kept.get(key)) : 0;
    if (bytes(text) > KEY_BYTES || all() - before + bytes(text) > ALL_BYTES) throw new Error('setStorageSync:fail');
    kept.set(key, text);
    writes.push(key);
  },
  removeStorageSync: (key) => { kept.delete(key); },
  request(options) {
    sent.push(`${options.method} ${options.url}`);
    const data = { id: 'lea_1', point: 'pnt_1', day: '20261122', key: 'AAAA', until: UNTIL, orders };
    setImmediate(() => options.success({ statusCode: 200, data, header: {} }));
  },
};
const { makeBook } = require(LIB + 'book.js');
const place = require(LIB + 'place.js');

function order(number, lines) {
  const items = Array.from({ length: lines }, (_, at) => ({
    line_id: `lin_${number}_${'0'.repeat(20)}${at}`, name: '阳澄湖大闸蟹', spec: '公 4 两 母 3 两', unit: '只', units_left: 2,
  }));
  return {
    order_id: `ord_${'0'.repeat(21)}${number}`, number, name: '王**', recipient: '李**', campaign: '周五大闸蟹团', code_id: `pkc_${'0'.repeat(21)}${number}`,
    code_hash: 'h'.repeat(22), tail_hash: 't'.repeat(22), owner_hash: 'o'.repeat(22), state: 'ready', pickup_deadline: UNTIL, due_fen: 0, items,
  };
}

const many = (count, lines = 2) => Array.from({ length: count }, (_, at) => order(at + 1, lines));

test.beforeEach(() => {
  kept = new Map([['lt.desk', JSON.stringify({ token: 'kept', desk: { point_id: 'pnt_1' } })]]);
  place.book.drop();
  writes = [];
  sent = [];
});

test('five thousand orders are kept in pieces, twice in a row, and are whole after a kill', async () => {
  orders = many(5000);
  await place.takeLease(false);
  await place.takeLease(false);
  assert.ok(all() > 2 * KEY_BYTES);
  const store = { get: wx.getStorageSync, set: wx.setStorageSync, remove: wx.removeStorageSync };
  const reborn = makeBook(store, Date.now);
  assert.strictEqual(reborn.lease().count, 5000);
  assert.deepStrictEqual(reborn.whole().orders, orders);
});

test('orders of many lines are in smaller pieces', async () => {
  orders = many(1500, 12);
  await place.takeLease(false);
  assert.ok(pieces().every((key) => bytes(kept.get(key)) < KEY_BYTES));
  assert.strictEqual(place.book.whole().orders.length, 1500);
});

test('a hand-over writes the one piece in which it is', async () => {
  orders = many(5000);
  await place.takeLease(false);
  writes = [];
  const { line_id: line } = orders[4321].items[0];
  place.book.alsoGiven([{ line_id: line, units: 2 }]);
  assert.strictEqual(writes.length, 1);
  const store = { get: wx.getStorageSync, set: wx.setStorageSync, remove: wx.removeStorageSync };
  assert.strictEqual(makeBook(store, Date.now).whole().orders[4321].items[0].units_left, 0);
});

test('a larger list that fits only without the one before takes its place', async () => {
  orders = many(8000);
  await place.takeLease(false);
  orders = many(9000);
  await place.takeLease(false);
  assert.strictEqual(place.book.whole().orders.length, 9000);
});

test('a list that this phone cannot hold is given back and leaves nothing behind', async () => {
  orders = many(100);
  await place.takeLease(false);
  orders = many(30000);
  await assert.rejects(place.takeLease(false), (problem) => problem.code === 'too_large' && problem.message.startsWith('名单太大'));
  assert.strictEqual(sent[sent.length - 1], 'DELETE http://127.0.0.1:8000/api/station/lease');
  assert.deepStrictEqual([place.book.standing(), place.book.whole(), pieces()], ['none', null, []]);
});

test('pieces that a kill left behind go with the next list', async () => {
  orders = many(500);
  kept.set('station.lease.a.0', '[{}]');
  kept.set('station.lease.b.0', '[{}]');
  kept.set('station.lease.b.1', '[{}]');
  await place.takeLease(false);
  await place.takeLease(false);
  assert.deepStrictEqual(pieces(), ['station.lease.b.0', 'station.lease.b.1']);
});

test('a hand-over that cannot be written down is not made', async () => {
  orders = many(5000);
  await place.takeLease(false);
  const acts = orders.slice(0, 2000).map((one) => ({ order: one, lines: [{ line_id: one.items[0].line_id, units: 1 }], token: null }));
  const before = place.book.notes().length;
  assert.throws(() => place.book.note(acts), (problem) => problem.code === 'full');
  assert.strictEqual(place.book.notes().length, before);
});
