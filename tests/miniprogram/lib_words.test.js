// Sums and times are written as people write them, and read back as they type them.
const assert = require('node:assert');
const test = require('node:test');
const LIB = '../../miniprogram/lib/';
const { yuan, fenOf } = require(LIB + 'money.js');
const { when, day, left, noteServerTime, serverNow } = require(LIB + 'time.js');
const { mark, marked } = require(LIB + 'words.js');

const NOW = Date.parse('2026-11-20T04:00:00Z'); // Friday noon in Shanghai

test('a sum has two digits behind the point and its sign in front', () => {
  const written = [0, 5, 1280, 100000, -199].map(yuan);
  assert.deepStrictEqual(written, ['¥0.00', '¥0.05', '¥12.80', '¥1000.00', '-¥1.99']);
});

test('what people type for a sum is read to the fen, and nothing else is', () => {
  assert.deepStrictEqual(['12.8', '￥12', ' 0.05 ', '19.99'].map(fenOf), [1280, 1200, 5, 1999]);
  assert.deepStrictEqual(['', '1.234', '-1', '1e3', '十元', '12,5'].map(fenOf), Array(6).fill(null));
});

test('a day is named in Shanghai, where it begins eight hours earlier', () => {
  assert.strictEqual(when('2026-11-20T15:59:00Z', NOW), '今天\u00a023:59');
  assert.strictEqual(when('2026-11-20T16:00:00Z', NOW), '明天\u00a000:00');
  assert.strictEqual(day('2026-11-19T15:59:00Z', NOW), '昨天');
  assert.strictEqual(day('2026-11-24T04:00:00Z', NOW), '周二');
  assert.strictEqual(day('2026-11-27T04:00:00Z', NOW), '11月27日');
  assert.strictEqual(day('2027-01-03T04:00:00Z', NOW), '2027年1月3日');
  assert.strictEqual(when('', NOW), '');
});

test('what is left is said in the two largest units, and nothing once it is over', () => {
  const at = (seconds) => left(new Date(NOW + seconds * 1000).toISOString(), NOW);
  assert.deepStrictEqual([93600, 11100, 249, 1, 0, -5].map(at), ['1天2小时', '3小时5分', '4分09秒', '0分01秒', '', '']);
});

test("a wrong clock of the phone is set right by the server's answers", () => {
  noteServerTime({ DATE: new Date(Date.now() + 86400000).toUTCString() });
  assert.ok(Math.abs(serverNow() - Date.now() - 86400000) < 3000);
  noteServerTime({ date: new Date().toUTCString() });
  assert.ok(Math.abs(serverNow() - Date.now()) < 1000);
  noteServerTime({});
  assert.ok(Math.abs(serverNow() - Date.now()) < 1000);
});

test('words that others do not see yet are marked, and once they do there is no mark', () => {
  assert.deepStrictEqual(['', undefined, 'waiting', 'asked', 'review', 'refused'].map(mark), [
    '', '', '审核中，通过后别人才看得到', '审核中，通过后别人才看得到', '审核中，通过后别人才看得到', '没通过审核，别人看不到',
  ]);
  assert.strictEqual(marked('拿错了', 'waiting'), '拿错了（审核中，通过后别人才看得到）');
  assert.strictEqual(marked('拿错了', ''), '拿错了');
});
