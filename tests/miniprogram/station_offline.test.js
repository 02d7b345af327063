// The desk without a network: what a lease allows, what its book keeps through a kill, how notes reach the server.
const assert = require('node:assert');
const test = require('node:test');
const LIB = '../../miniprogram/station/lib/';
const { makeBook } = require(LIB + 'book.js');
const { makeCounter } = require(LIB + 'counter.js');
const { makeUploads } = require(LIB + 'uploads.js');
const { codeMac } = require(LIB + 'ticket.js');
const vectors = require('../vectors/pickup_qr.json');

const NOON = Date.parse('2026-11-22T04:00:00Z');
const LOST = { status: 0, code: 'lost', message: '网络不太好，请再试一次。' };

function lose() {
  throw LOST;
}

function order(number, more) {
  return {
    order_id: `ord_${number}`, number, name: `邻居${number}`, recipient: '', campaign: '周五团', code_id: `pkc_${number}`,
    code_hash: '', tail_hash: vectors.tails[0].tail_hash, owner_hash: `owner ${number}`, state: 'ready',
    pickup_deadline: null, due_fen: 0,
    items: [{ line_id: `lin_${number}`, name: '大闸蟹', spec: '', unit: '只', units_left: 2 }], ...more,
  };
}

function lease(orders) {
  return {
    id: 'lea_1', point: vectors.point_id, day: vectors.day, key: vectors.key, until: '2026-11-22T10:00:00Z', orders,
  };
}

/** A storage that survives what a kill of the page takes away, as texts like the real one. */
function storage() {
  const kept = new Map();
  return {
    get: (key) => (kept.has(key) ? JSON.parse(kept.get(key)) : ''),
    set: (key, value) => kept.set(key, JSON.stringify(value)),
    remove: (key) => kept.delete(key),
  };
}

/** A desk with a server that answers by `answer(path, body, key)`; `asked` are its requests. */
function desk({ orders = [order(1), order(2)], online = false, answer = lose, store = storage(), at = NOON } = {}) {
  const asked = [];
  const clock = { now: at };
  const api = {
    async post(path, body, options) {
      asked.push({ path, body, key: options && options.key });
      return answer(path, body, options && options.key);
    },
  };
  const book = makeBook(store, () => clock.now);
  if (orders && !book.lease()) book.keep(lease(orders), at);
  let keys = 0;
  const counter = makeCounter(api, book, () => online, () => `key ${++keys}`);
  return { asked, book, clock, counter, store, uploads: makeUploads(book, api) };
}

async function found(at, proof) {
  const chosen = (line) => ({ id: line.id, units: line.waiting, name: line.name, unit: line.unit });
  const { orders } = await at.counter.find(proof);
  return orders.map((one) => ({ id: one.id, token: one.token, lines: one.lines.map(chosen) }));
}

function refusedWith(code) {
  return (problem) => { assert.strictEqual(problem.code, code); return true; };
}

test('without a network a QR opens its order by the key of the lease alone', async () => {
  const at = desk({ orders: [order(1, { code_id: vectors.code_id }), order(2)] });
  const opened = await at.counter.find({ qr: vectors.ticket.text });
  assert.deepStrictEqual([opened.offline, opened.foundBy, opened.orders.map((one) => one.id)], [true, 'qr', ['ord_1']]);
  assert.strictEqual(at.asked.length, 0);
});

test('a forged QR opens nothing, and a QR of another day says what to do', async () => {
  const at = desk({ orders: [order(1, { code_id: vectors.code_id })] });
  await assert.rejects(at.counter.find({ qr: vectors.refused[0].text }), refusedWith('forged'));
  await assert.rejects(at.counter.find({ qr: vectors.refused[3].text }), refusedWith('other_day'));
});

test('a code is found by its hash, all of its owner is opened, and the code proves its own order only', async () => {
  const { code, code_hash: hash } = vectors.codes[0];
  const at = desk({ orders: [order(1, { code_hash: hash }), order(2), order(3, { owner_hash: 'owner 1' })] });
  const opened = await at.counter.find({ code });
  assert.deepStrictEqual(opened.orders.map((one) => [one.id, one.token]), [['ord_1', code], ['ord_3', null]]);
  assert.strictEqual(codeMac(at.book.lease(), code), hash);
});

test('a phone tail of two people is never chosen between', async () => {
  const at = desk();
  const opened = await at.counter.find({ phone_tail: vectors.tails[0].tail });
  assert.deepStrictEqual(opened.orders, []);
  assert.deepStrictEqual(opened.hits.map((hit) => hit.order_id), ['ord_1', 'ord_2']);
  assert.deepStrictEqual((await found(at, { order_id: 'ord_2' })).map((one) => one.id), ['ord_2']);
});

test('the same bag is not handed out twice by this device, also after the page was killed', async () => {
  const at = desk();
  const orders = await found(at, { roster_number: 1 });
  await at.counter.handOver(orders, 'roster');
  await assert.rejects(at.counter.handOver(orders, 'roster'), refusedWith('taken'));
  const reborn = desk({ store: at.store });
  assert.strictEqual((await found(reborn, { roster_number: 1 }))[0].lines[0].units, 0);
  await assert.rejects(reborn.counter.handOver(orders, 'roster'), refusedWith('taken'));
  assert.strictEqual(reborn.book.waiting().length, 1);
});

test('a batch of which one part is gone is not written down at all', async () => {
  const at = desk();
  const first = await found(at, { roster_number: 1 });
  const second = await found(at, { roster_number: 2 });
  await at.counter.handOver(first, 'roster');
  await assert.rejects(at.counter.handOver(second.concat(first), 'batch'), refusedWith('taken'));
  assert.strictEqual(at.book.waiting().length, 1);
});

test('a mistake that was not sent yet is struck out and its units can be handed over again', async () => {
  const at = desk();
  const orders = await found(at, { roster_number: 1 });
  const { notes } = await at.counter.handOver(orders, 'roster');
  assert.ok(at.book.takeBack(notes[0].clientId));
  assert.strictEqual((await found(at, { roster_number: 1 }))[0].lines[0].units, 2);
});

test('a lease that is over refuses offline work and says so; without one the network is to blame', async () => {
  const late = desk();
  late.clock.now = Date.parse('2026-11-22T10:00:00Z');
  assert.strictEqual(late.book.standing(), 'over');
  const none = desk({ orders: null });
  await assert.rejects(late.counter.find({ roster_number: 1 }), refusedWith('lease_over'));
  await assert.rejects(none.counter.find({ roster_number: 1 }), refusedWith('lost'));
});

test('what costs money at its hand-over, or is not on the list, waits for the network', async () => {
  const at = desk({ orders: [order(1, { due_fen: 2990 }), order(2)] });
  const orders = await found(at, { roster_number: 1 });
  await assert.rejects(at.counter.handOver(orders, 'roster'), refusedWith('payment_due'));
  await assert.rejects(at.counter.handOver([{ ...orders[0], id: 'ord_9' }], 'roster'), refusedWith('not_listed'));
  await assert.rejects(at.counter.find({ roster_number: 9 }), refusedWith('code_wrong'));
});

test('a refusal of the server is its word: the lease does not overrule it', async () => {
  const taken = { status: 409, code: 'already_collected', message: '已交付', facts: { by: '小何' } };
  const at = desk({ online: true, answer: () => { throw taken; } });
  await assert.rejects(at.counter.find({ roster_number: 1 }), refusedWith('already_collected'));
  assert.strictEqual(at.book.notes().length, 0);
});

test('what was handed over online while the lease is held is gone offline, too, until it is undone', async () => {
  const items = [{ line_id: 'lin_1', units: 2 }];
  const at = desk({ online: true, answer: () => ({ redemptions: [{ id: 'rdm_1', items }] }) });
  const whole = [{ id: 'ord_1', token: null, lines: [{ id: 'lin_1', units: 2, name: '大闸蟹', unit: '只' }] }];
  await at.counter.handOver(whole, 'code');
  assert.strictEqual(at.book.left(at.book.whole().orders[0].items[0]), 0);
  at.book.alsoGiven([{ line_id: 'lin_1', units: -2 }]);
  assert.strictEqual(at.book.left(at.book.whole().orders[0].items[0]), 2);
});

async function twoNotes(answer) {
  const at = desk({ answer });
  await at.counter.handOver(await found(at, { roster_number: 1 }), 'roster');
  await at.counter.handOver(await found(at, { roster_number: 2 }), 'roster');
  return at;
}

function allDone(path, body) {
  return { items: body.items.map((item) => ({ client_id: item.client_id, result: 'done', detail: '' })) };
}

test('notes are uploaded in their order, once, and each with what it needs', async () => {
  const at = await twoNotes(allDone);
  assert.deepStrictEqual(await at.uploads.run(), { sent: 2, left: 0, trouble: null });
  const [{ path, body }] = at.asked;
  assert.deepStrictEqual([path, body.lease_id, body.items.map((item) => item.order_id)],
    ['/api/station/lease/uploads', 'lea_1', ['ord_1', 'ord_2']]);
  assert.deepStrictEqual(body.items[0].lines, [{ line_id: 'lin_1', units: 2 }]);
  assert.match(body.items[0].client_id, /^[A-Za-z0-9_.:-]{8,64}$/);
  await at.uploads.run();
  assert.strictEqual(at.asked.length, 1);
});

test('two runs at once are one', async () => {
  const at = await twoNotes(allDone);
  await Promise.all([at.uploads.run(), at.uploads.run()]);
  assert.strictEqual(at.asked.length, 1);
});

test('an upload whose answer was lost is sent again with the same ids after a kill', async () => {
  const cut = await twoNotes(() => { throw LOST; });
  const broken = await cut.uploads.run();
  assert.deepStrictEqual([broken.sent, broken.left, broken.trouble], [0, 2, LOST]);
  const reborn = desk({ store: cut.store, answer: (path, body) => ({
    items: body.items.map((item) => ({ client_id: item.client_id, result: 'again', detail: '' })),
  }) });
  await reborn.uploads.run();
  assert.deepStrictEqual(reborn.asked[0].body, cut.asked[0].body);
  assert.deepStrictEqual(reborn.book.notes().map((note) => note.state), ['done', 'done']);
});

test('once a note was on its way it cannot be struck out', async () => {
  const at = await twoNotes(() => { throw LOST; });
  await at.uploads.run();
  assert.ok(!at.book.takeBack(at.book.notes()[0].clientId));
  assert.strictEqual(at.book.waiting().length, 2);
});

test('a conflict stays until a person puts it away, also through a fresh lease', async () => {
  const at = await twoNotes((path, body) => ({
    items: body.items.map((item, place) => ({
      client_id: item.client_id, result: place ? 'done' : 'conflict', detail: '14:03 已由 小何 交付',
    })),
  }));
  await at.uploads.run();
  at.book.keep(lease([order(2)]), NOON + 60000);
  const [trouble] = at.book.troubles();
  assert.deepStrictEqual([trouble.orderId, trouble.detail], ['ord_1', '14:03 已由 小何 交付']);
  assert.strictEqual(at.book.notes().length, 1);
  at.book.putAway(trouble.clientId);
  assert.deepStrictEqual(at.book.troubles(), []);
});

test('a note that the answer leaves out goes on waiting and does not spin', async () => {
  const at = await twoNotes((path, body) => ({ items: [{ client_id: body.items[0].client_id, result: 'done' }] }));
  const first = await at.uploads.run();
  assert.deepStrictEqual([first.sent, first.left], [2, 0]);
  const silent = await twoNotes(() => ({ items: [] }));
  assert.deepStrictEqual(await silent.uploads.run(), { sent: 0, left: 2, trouble: null });
});

test('a hand-over whose answer was lost is asked again with its own key before anything is reported', async () => {
  let lost = true;
  const at = desk({
    online: true,
    answer: (path) => {
      if (lost) throw LOST;
      assert.strictEqual(path, '/api/station/redemptions');
      return { redemptions: [] };
    },
  });
  const orders = await found(at, { roster_number: 1 });
  const result = await at.counter.handOver(orders, 'roster');
  assert.ok(result.offline);
  lost = false;
  await at.uploads.run();
  const tries = at.asked.filter((one) => one.path === '/api/station/redemptions');
  assert.strictEqual(tries.length, 2);
  assert.deepStrictEqual(tries[0], tries[1]);
  assert.deepStrictEqual(at.book.notes().map((note) => note.state), ['done']);
});

test('a batch goes order by order: what is refused is told, and only what was done is gone offline', async () => {
  const at = desk({
    online: true,
    answer: (path, body) => {
      assert.strictEqual(path, '/api/station/redemptions/batch');
      const [first, second] = body.orders;
      const made = { id: 'rdm_1', items: [{ line_id: 'lin_1', units: 2 }] };
      return { items: [
        { order_id: first.order_id, result: 'done', redemption: made },
        { order_id: second.order_id, result: 'refused', detail: '已由小何交付', redemption: null },
      ] };
    },
  });
  const line = (number) => ({ id: `lin_${number}`, units: 2, name: '大闸蟹', unit: '只' });
  const both = [1, 2].map((number) => ({ id: `ord_${number}`, token: null, lines: [line(number)] }));
  const result = await at.counter.handOver(both, 'batch');
  assert.deepStrictEqual(result.refused.map((one) => one.order_id), ['ord_2']);
  assert.deepStrictEqual(at.book.whole().orders.map((one) => at.book.left(one.items[0])), [0, 2]);
});

test('a payment cannot be looked up without the network, and says so', async () => {
  await assert.rejects(desk().counter.find({ payment_id: 'pay_1' }), refusedWith('needs_network'));
});

test('was it refused meanwhile, it is reported under the lease and named there', async () => {
  const at = desk({
    online: true,
    answer: (path, body) => {
      if (path.endsWith('/uploads')) {
        return { items: [{ client_id: body.items[0].client_id, result: 'conflict', detail: '小何' }] };
      }
      throw at.asked.length > 2 ? { status: 409, code: 'already_collected' } : LOST;
    },
  });
  await at.counter.handOver(await found(at, { roster_number: 1 }), 'roster');
  await at.uploads.run();
  assert.deepStrictEqual(at.book.troubles().map((note) => note.detail), ['小何']);
});
