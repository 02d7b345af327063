// A shared card leads where its ticket says, and the server hears of a group only from a card opened in one.
const assert = require('node:assert');
const test = require('node:test');

let asked = [];
let group = null;
const kept = {};
globalThis.wx = {
  getStorageSync: (name) => kept[name] || '',
  setStorageSync: (name, value) => { kept[name] = value; },
  removeStorageSync: (name) => { delete kept[name]; },
  getDeviceInfo: () => ({}),
  getAccountInfoSync: () => ({ miniProgram: { envVersion: 'develop' } }),
  login: ({ success }) => { asked.push('wx.login'); success({ code: 'code' + asked.length }); },
  getGroupEnterInfo: ({ success, fail }) => {
    asked.push('wx.getGroupEnterInfo');
    if (group) success(group);
    else fail({ errMsg: 'getGroupEnterInfo:fail' });
  },
  request: ({ method, url, data, success }) => {
    asked.push(method + ' ' + url.replace(/^http:..[^/]*/, ''));
    const body = url.endsWith('/login') ? { token: 't' } : { campaign: 'c' };
    setImmediate(() => success({ statusCode: 200, data: Object.assign(body, { heard: data }), header: {} }));
  },
};
const share = require('../../miniprogram/lib/share.js');

test('a card leads where its ticket says, and to the campaign without one', () => {
  const ticket = { title: '蟹（满5人成团）', path: 'pages/campaign/campaign?id=c&share=s' };
  assert.deepStrictEqual(share.card(ticket, 'c', '蟹', ''), { title: '蟹（满5人成团）', path: '/' + ticket.path, imageUrl: undefined });
  for (const none of [null, { failed: '没有成功' }]) {
    assert.strictEqual(share.card(none, 'c', '蟹', 'p').path, '/pages/campaign/campaign?id=c');
  }
});

test('the group is asked for right after a fresh login, and told with its code', async () => {
  asked = [];
  group = { encryptedData: 'e', iv: 'i' };
  assert.strictEqual(await share.opened('shr_1'), true);
  assert.deepStrictEqual(asked.slice(-3), ['wx.login', 'wx.getGroupEnterInfo', 'POST /api/resident/shares/shr_1/opened']);
});

test('a card opened elsewhere than in a group tells nothing', async () => {
  asked = [];
  group = null;
  assert.strictEqual(await share.opened('shr_1'), false);
  assert.deepStrictEqual(asked.filter((what) => what.startsWith('POST') && !what.endsWith('/login')), []);
});
