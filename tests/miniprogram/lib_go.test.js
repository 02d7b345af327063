// Ten pages lie on each other at most: the eleventh takes the place of the tenth, and a page below is gone back to.
const assert = require('node:assert');
const test = require('node:test');

let routes = [];
let done = [];
let late = null; // what still has to be told that a page is open

function opened(how, complete) {
  done.push(how);
  if (late) late.push(complete);
  else if (complete) complete();
}

globalThis.getCurrentPages = () => routes.map((route) => ({ route }));
globalThis.wx = {
  navigateTo: ({ url, complete }) => opened('to ' + url, complete),
  redirectTo: ({ url, complete }) => opened('instead ' + url, complete),
  navigateBack: ({ delta }) => done.push('back ' + delta),
};
const { go, goBackTo } = require('../../miniprogram/lib/go.js');

test.beforeEach(() => { routes = []; done = []; late = null; });

test('a page lies on top while there is room', () => {
  routes = Array(9).fill('a');
  go('/b');
  assert.deepStrictEqual(done, ['to /b']);
});

test('the eleventh page takes the place of the tenth', () => {
  routes = Array(10).fill('a');
  go('/b');
  assert.deepStrictEqual(done, ['instead /b']);
});

test('a second tap while a page opens does not open it twice', () => {
  late = [];
  go('/b');
  go('/b');
  late.forEach((complete) => complete());
  go('/b');
  late.forEach((complete) => complete());
  assert.deepStrictEqual(done, ['to /b', 'to /b']);
});

test('the nearest page below is gone back to, and told something first', () => {
  routes = ['desk', 'me', 'desk', 'join', 'today'];
  let told = '';
  goBackTo('desk', '/desk', (page) => { told = page.route; });
  assert.deepStrictEqual([done, told], [['back 2'], 'desk']);
});

test('what is not below opens in place of this page', () => {
  for (routes of [['today'], ['desk'], ['home', 'desk']]) goBackTo('desk', '/desk', assert.fail);
  assert.deepStrictEqual(done, Array(3).fill('instead /desk'));
});
