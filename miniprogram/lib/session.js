// Who is logged in: the resident's token by wx.login, and a desk's token beside it. One login for all who wait.
const { refusal, send } = require('./network.js');

const RESIDENT = 'lt.token';
const DESK = 'lt.desk';
let waiting = null;

function deviceName() {
  const info = wx.getDeviceInfo();
  return (info.brand || '') + ' ' + (info.model || '手机');
}

/** A fresh code of wx.login, good for one exchange. */
function loginCode() {
  return new Promise((resolve, reject) => {
    wx.login({
      success: (answer) => resolve(answer.code),
      fail: () => reject({ status: 0, code: 'lost', message: '登录没有成功，请再试一次。', errors: null, facts: {} }),
    });
  });
}

async function logIn() {
  const code = await loginCode();
  const answer = await send('POST', '/api/resident/login', { js_code: code, device: deviceName().trim().slice(0, 80) });
  if (answer.status !== 200) throw refusal(answer.status, answer.body);
  wx.setStorageSync(RESIDENT, answer.body.token);
  return answer.body.token;
}

/** The resident's token; logs in once, however many ask at the same time. */
function residentToken() {
  const kept = wx.getStorageSync(RESIDENT);
  if (kept) return Promise.resolve(kept);
  if (!waiting) {
    const forget = () => { waiting = null; };
    waiting = logIn();
    waiting.then(forget, forget);
  }
  return waiting;
}

/** Forgets a token that the server refused, unless a newer one took its place meanwhile. */
function forgetResident(token) {
  if (!token || wx.getStorageSync(RESIDENT) === token) wx.removeStorageSync(RESIDENT);
}

/** Works at a desk from now on: `answer` is what /api/station/login or /join gave. */
function keepDesk(answer) {
  wx.setStorageSync(DESK, { token: answer.token, desk: answer.desk });
  return answer.desk;
}

/** {token, desk} of the desk at which this device works, or null. */
function keptDesk() {
  return wx.getStorageSync(DESK) || null;
}

function forgetDesk() {
  wx.removeStorageSync(DESK);
}

/** Forgets everything, after the account was deleted or all devices were logged out. */
function forgetAll() {
  wx.removeStorageSync(RESIDENT);
  wx.removeStorageSync(DESK);
}

module.exports = { loginCode, residentToken, forgetResident, keepDesk, keptDesk, forgetDesk, forgetAll, deviceName };
