// A copy of one's own data reads as Chinese, with sums and times as people write them, and every field has a name.
const assert = require('node:assert');
const test = require('node:test');
const { FIELDS, SECTIONS, readable } = require('../../miniprogram/pages/privacy/own-data.js');

test('sums, times, states and nested things are told as people write them', () => {
  const text = readable({
    made_at: '2026-11-22T04:00:00+00:00',
    profile: { nickname: '小王', anonymous: false, home_point: { name: '南门驿站' }, phone: '' },
    orders: [{ id: 'ord_1', state: 'paid', total_fen: 2990, paid_at: '2026-11-22T16:30:00+00:00' }],
  });
  for (const words of ['2026-11-22 12:00', '昵称：小王', '匿名参团：否', '常用自提点：名字：南门驿站', '状态：已付款', '合计：¥29.90', '付款时间：2026-11-23 00:30', '【售后】\n没有']) {
    assert.ok(text.includes(words), words);
  }
  assert.ok(!text.includes('手机号'));
});

test('every field that the server may tell has a name', () => {
  const wanted = JSON.parse(process.env.OWN_DATA);
  assert.deepStrictEqual(wanted.sections.filter((name) => !SECTIONS[name]), []);
  assert.deepStrictEqual(wanted.fields.filter((name) => !FIELDS[name]), []);
});
