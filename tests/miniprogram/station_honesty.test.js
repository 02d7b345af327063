// What a desk shows the server of a pass, and what it makes of a phone whose clock is wrong.
const assert = require('node:assert');
const test = require('node:test');
const LIB = '../../miniprogram/station/lib/';
const { makeBook } = require(LIB + 'book.js');
const { makeCounter } = require(LIB + 'counter.js');

const NOON = Date.parse('2026-11-22T04:00:00Z');
const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;
const UNTIL = '2026-11-22T10:00:00Z';
const ITEM = { line_id: 'lin_1', name: '大闸蟹', spec: '', unit: '只', units_left: 2 };
const ORDER = { order_id: 'ord_1', number: 1, name: '王**', items: [ITEM] };

/** A desk with a lease that was taken at noon, by the server's clock; this phone's is `ahead` by milliseconds. */
function desk({ answer, ahead = 0 }) {
  const kept = new Map();
  const store = {
    get: (key) => (kept.has(key) ? JSON.parse(kept.get(key)) : ''),
    set: (key, value) => kept.set(key, JSON.stringify(value)),
    remove: (key) => kept.delete(key),
  };
  const asked = [];
  const clock = { now: NOON + ahead };
  const api = { async post(path, body) { asked.push({ path, body }); return answer(path); } };
  const book = makeBook(store, () => clock.now);
  book.keep({ id: 'lea_1', until: UNTIL, orders: [ORDER] }, NOON);
  return { asked, book, clock, store, counter: makeCounter(api, book, () => true, () => 'key') };
}

test('the text of a pass is shown again at the hand-over, and of nothing else', async () => {
  const found = { found_by: 'pass', fetched_by: '小张', orders: [], hits: [] };
  const at = desk({ answer: (path) => (path.endsWith('/search') ? found : { redemptions: [] }) });
  const orders = [{ id: 'ord_1', token: null, lines: [{ id: 'lin_1', units: 1, name: '大闸蟹', unit: '只' }] }];
  const { foundBy, passShown } = await at.counter.find({ qr: 'LTP1.token' });
  await at.counter.handOver(orders, foundBy, passShown);
  found.found_by = 'qr';
  const second = await at.counter.find({ qr: 'LT2.ticket' });
  await at.counter.handOver(orders, second.foundBy, second.passShown);
  const bodies = at.asked.filter((one) => one.path.endsWith('/redemptions')).map((one) => one.body);
  assert.deepStrictEqual(bodies.map((body) => [body.found_by, body.pass_shown]), [['pass', 'LTP1.token'], ['qr', undefined]]);
});

test('a phone whose clock is wrong goes by the time that the server told with the list', () => {
  const at = desk({ ahead: 9 * HOUR });
  assert.strictEqual(at.book.standing(), 'live');
  assert.strictEqual(at.book.note([{ order: ORDER, lines: [{ line_id: 'lin_1', units: 1 }] }])[0].at, '2026-11-22T04:00:00.000Z');
  assert.strictEqual(at.book.clock(), 'fast');
  at.clock.now += 6 * HOUR;
  assert.strictEqual(at.book.standing(), 'over');
});

test('a clock that is put back brings no list to life again, also after the page was killed', () => {
  const at = desk({});
  at.clock.now += 6 * HOUR;
  assert.strictEqual(at.book.standing(), 'over');
  at.clock.now -= 3 * HOUR;
  assert.deepStrictEqual([at.book.standing(), at.book.clock()], ['over', 'back']);
  assert.strictEqual(makeBook(at.store, () => at.clock.now).standing(), 'over');
});

test('a clock that is put back writes no hand-over down earlier than the one before', () => {
  const at = desk({});
  const hand = () => at.book.note([{ order: ORDER, lines: [{ line_id: 'lin_1', units: 1 }] }])[0].at;
  at.clock.now += HOUR;
  const first = hand();
  at.clock.now -= 40 * MINUTE;
  assert.strictEqual(hand(), first);
  assert.strictEqual(at.book.clock(), 'back');
});

test('a fresh list sets the clock right', () => {
  const at = desk({});
  at.clock.now += 6 * HOUR;
  at.book.standing();
  at.clock.now -= 6 * HOUR;
  at.book.keep({ id: 'lea_1', until: UNTIL, orders: [ORDER] }, NOON);
  assert.deepStrictEqual([at.book.standing(), at.book.clock()], ['live', '']);
});
