// What the phone refuses is told with what to do, and permission given on the way makes it happen.
const assert = require('node:assert');
const test = require('node:test');

let asked = [];
let toasts = [];
let answers = [];
let calls = [];
let yes = true;
let granted = true;

function answering(name) {
  return (options) => {
    calls.push(name);
    const failure = answers.shift();
    if (failure) options.fail(failure);
    else options.success({ errMsg: `${name}:ok`, result: 'text' });
  };
}

globalThis.wx = {
  ...Object.fromEntries(['chooseMedia', 'saveImageToPhotosAlbum', 'scanCode', 'setClipboardData', 'requirePrivacyAuthorize']
    .map((name) => [name, answering(name)])),
  openSetting: ({ success }) => { calls.push('openSetting'); success({ authSetting: { 'scope.writePhotosAlbum': granted } }); },
  showModal: ({ title, content, success }) => { asked.push(title + content); success({ confirm: yes }); },
  showToast: ({ title }) => { toasts.push(title); },
};
const { copy, permitted } = require('../../miniprogram/lib/permitted.js');

test.beforeEach(() => { asked = []; toasts = []; answers = []; calls = []; yes = true; granted = true; });

const save = () => permitted('saveImageToPhotosAlbum', { filePath: 'a.png' });

test('what is allowed happens without a word', async () => {
  assert.ok(await save());
  assert.ok(await copy('text'));
  assert.deepStrictEqual([asked, toasts], [[], []]);
});

test('who turns back is told nothing', async () => {
  answers = [{ errMsg: 'chooseMedia:fail cancel' }];
  assert.strictEqual(await permitted('chooseMedia', {}), null);
  assert.deepStrictEqual([asked, toasts], [[], []]);
});

test('a refused album is opened in the settings, and the poster is kept then', async () => {
  answers = [{ errMsg: 'saveImageToPhotosAlbum:fail auth deny' }];
  assert.ok(await save());
  assert.match(asked[0], /没有权限.*保存到相册.*到设置里打开/);
  assert.deepStrictEqual(calls, ['saveImageToPhotosAlbum', 'openSetting', 'saveImageToPhotosAlbum']);
});

test('an album that stays refused is not tried again', async () => {
  answers = [{ errMsg: 'saveImageToPhotosAlbum:fail auth deny' }];
  granted = false;
  assert.strictEqual(await save(), null);
  assert.deepStrictEqual(calls, ['saveImageToPhotosAlbum', 'openSetting']);
});

test('a guide that was not agreed to is asked about, and a no is respected', async () => {
  const failure = { errMsg: 'setClipboardData:fail privacy permission is not authorized', errno: 104 };
  answers = [failure];
  assert.ok(await copy('text'));
  assert.deepStrictEqual(calls, ['setClipboardData', 'requirePrivacyAuthorize', 'setClipboardData']);
  answers = [failure];
  yes = false;
  assert.ok(!await copy('text'));
  assert.match(asked[1], /隐私保护指引/);
});

test('a camera that the phone keeps from WeChat is explained', async () => {
  answers = [{ errMsg: 'scanCode:fail system permission denied' }];
  assert.strictEqual(await permitted('scanCode', {}), null);
  assert.match(asked[0], /用相机扫码.*设置 → 微信/);
});
