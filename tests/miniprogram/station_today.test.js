// Searching today's list of many pages: what is typed meanwhile counts, and rows of a list that was left do not.
const assert = require('node:assert');
const test = require('node:test');

let page = null;
let open = [];
const storage = { 'lt.desk': { token: 'kept', desk: { point_id: 'pnt_1' } } };
globalThis.Page = (definition) => { page = definition; };
globalThis.getCurrentPages = () => [];
globalThis.wx = {
  getAccountInfoSync: () => ({ miniProgram: { envVersion: 'develop' } }),
  getDeviceInfo: () => ({ brand: '', model: '' }),
  getStorageSync: (name) => storage[name] || '',
  request: (options) => { open.push(options); },
  showToast() {},
  stopPullDownRefresh() {},
};
require('../../miniprogram/station/pages/today/today.js');

const row = (number) => ({
  id: `ord_${number}`, roster_number: String(number), owner: number % 2 ? '王**' : '张**', campaign: '周五团', due_fen: 0,
  pickup_deadline: null, lines: [],
});
const rows = (from, to) => Array.from({ length: to - from }, (_, at) => row(from + at));

function begin() {
  open = [];
  const shown = Object.assign(Object.create(page), { data: JSON.parse(JSON.stringify(page.data)) });
  shown.setData = (more) => Object.assign(shown.data, more);
  shown.data.tab = 'waiting';
  return shown;
}

async function settle() {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
}

async function answer(items, next) {
  await settle();
  const options = open.shift();
  options.success({ statusCode: 200, data: { items, next_cursor: next }, header: {} });
  await settle();
}

const type = (shown, value) => shown.search({ detail: { value } });
const numbers = (shown) => shown.data.rows.map((one) => one.number);

test('keys typed while sixty rows are fetched are not lost', async () => {
  const shown = begin();
  shown.load();
  await answer(rows(1, 51), 'more');
  for (const value of ['1', '12', '123', '6', '60']) type(shown, value);
  assert.strictEqual(shown.data.words, '60');
  await answer(rows(51, 61), null);
  assert.deepStrictEqual([shown.data.words, numbers(shown), open.length], ['60', ['60'], 0]);
});

test('a space after a name is kept in the field and is not looked for', async () => {
  const shown = begin();
  shown.load();
  await answer(rows(1, 3), null);
  type(shown, '王 ');
  assert.deepStrictEqual([shown.data.words, numbers(shown)], ['王 ', ['1']]);
});

test('searching while the end of the list is being fetched goes on with it', async () => {
  const shown = begin();
  shown.load();
  await answer(rows(1, 51), 'two');
  shown.onReachBottom();
  await settle();
  type(shown, '120');
  await answer(rows(51, 101), 'three');
  await answer(rows(101, 121), null);
  assert.deepStrictEqual(numbers(shown), ['120']);
});

test('rows of a list that was left meanwhile do not come into the other', async () => {
  const shown = begin();
  shown.load();
  await answer(rows(1, 51), 'more');
  type(shown, '王');
  await settle();
  shown.choose({ currentTarget: { dataset: { tab: 'cash' } } });
  const shifts = open.pop();
  await answer(rows(51, 61), null);
  shifts.success({ statusCode: 200, data: { items: [], next_cursor: null }, header: {} });
  await settle();
  assert.deepStrictEqual([shown.data.items, shown.data.words], [[], '']);
});
