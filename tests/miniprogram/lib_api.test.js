// The API's client: one login for all who wait, the same key until an answer came, refusals in the server's words.
const assert = require('node:assert');
const test = require('node:test');
const LIB = '../../miniprogram/lib/';

let storage = {};
let answers = [];
let sent = [];
let logins = 0;

globalThis.wx = {
  getAccountInfoSync: () => ({ miniProgram: { envVersion: 'develop' } }),
  getDeviceInfo: () => ({ brand: '', model: '' }),
  getStorageSync: (name) => storage[name] || '',
  setStorageSync: (name, value) => { storage[name] = value; },
  removeStorageSync: (name) => { delete storage[name]; },
  login: ({ success }) => { logins += 1; success({ code: 'code-' + logins }); },
  request: (options) => {
    sent.push(options);
    const isLogin = options.url.endsWith('/api/resident/login');
    const answer = isLogin ? { statusCode: 200, data: { token: 'token-' + logins } } : answers.shift();
    setImmediate(() => (answer === 'lost' ? options.fail({}) : options.success(Object.assign({ header: {} }, answer))));
  },
};
const api = require(LIB + 'api.js');
const { once } = require(LIB + 'once.js');

test.beforeEach(() => { storage = { 'lt.token': 'kept' }; answers = []; sent = []; logins = 0; });

const ok = (data) => ({ statusCode: 200, data });
const keys = () => sent.map((options) => options.header['Idempotency-Key']);

test('a post that was lost goes out again under its key, and the next one under a new key', async () => {
  answers = ['lost', ok({ id: 1 }), ok({ id: 2 })];
  await assert.rejects(api.post('/api/resident/orders', { units: 1 }), { status: 0, message: '网络不太好，请再试一次。' });
  await api.post('/api/resident/orders', { units: 1 });
  await api.post('/api/resident/orders', { units: 1 });
  const [first, second, third] = keys();
  assert.strictEqual(first, second);
  assert.notStrictEqual(second, third);
});

test('a refused post is answered: its key is not used again', async () => {
  answers = [{ statusCode: 409, data: '{"code":"sold_out","detail":"余量不足","facts":{"free":2}}' }, ok({})];
  const refused = { status: 409, code: 'sold_out', message: '余量不足', errors: null, facts: { free: 2 } };
  await assert.rejects(api.post('/api/resident/orders', { units: 3 }), refused);
  await api.post('/api/resident/orders', { units: 3 });
  assert.notStrictEqual(keys()[0], keys()[1]);
});

test('a failing server may have done it: the key stays', async () => {
  answers = [{ statusCode: 503, data: '' }, ok({})];
  await assert.rejects(api.post('/api/resident/orders', { units: 4 }), { message: '服务器忙，请稍后再试。' });
  await api.post('/api/resident/orders', { units: 4 });
  assert.strictEqual(keys()[0], keys()[1]);
});

test('another body is another intention', async () => {
  answers = ['lost', ok({})];
  await assert.rejects(api.post('/api/resident/orders', { units: 5 }));
  await api.post('/api/resident/orders', { units: 6 });
  assert.notStrictEqual(keys()[0], keys()[1]);
});

test('those who ask at the same time log in once', async () => {
  storage = {};
  answers = [ok('a'), ok('b')];
  const got = await Promise.all([api.get('/api/resident/me'), api.get('/api/resident/orders')]);
  assert.deepStrictEqual([got, logins], [['a', 'b'], 1]);
  assert.strictEqual(sent[1].header.Authorization, 'Bearer token-1');
});

test('a token that the server refuses is replaced once, under the same key', async () => {
  answers = [{ statusCode: 401, data: {} }, ok({ id: 1 })];
  await api.post('/api/resident/orders', {});
  assert.deepStrictEqual(sent.map((options) => options.url.split('/').pop()), ['orders', 'login', 'orders']);
  assert.deepStrictEqual([keys()[0], storage['lt.token']], [keys()[2], 'token-1']);
});

test('reading is tried once more when the answer is lost, and leaves empty words out of the address', async () => {
  answers = ['lost', ok({ items: [] })];
  await api.get('/api/resident/orders', { state: '', limit: 20, cursor: null });
  assert.deepStrictEqual(sent.map((options) => options.url), Array(2).fill('http://127.0.0.1:8000/api/resident/orders?limit=20'));
});

test('a second tap does nothing while the first one runs, also after that one failed', async () => {
  let runs = 0;
  const tapped = once(async () => { runs += 1; await new Promise(setImmediate); if (runs === 1) throw new Error('no'); });
  await Promise.all([assert.rejects(tapped()), tapped(), tapped()]);
  assert.strictEqual(runs, 1);
  await tapped();
  assert.strictEqual(runs, 2);
});
