// One request to the server as a Promise of {status, body, headers}; every failure has the same shape.
const { baseUrl } = require('./config.js');
const { noteServerTime } = require('./time.js');

const LOST = '网络不太好，请再试一次。';

/** Tells `heard` at once and whenever the network comes or goes. */
function subscribe(heard) {
  if (wx.getNetworkType) wx.getNetworkType({ success: (answer) => heard(answer.networkType !== 'none') });
  if (wx.onNetworkStatusChange) wx.onNetworkStatusChange((change) => heard(change.isConnected));
}

function lost() {
  return { status: 0, code: 'lost', message: LOST, errors: null, facts: {} };
}

/** Only sentences meant for people are shown; a framework's own English is not one. */
function forPeople(text) {
  return typeof text === 'string' && /[\u4e00-\u9fff]/.test(text) ? text : '';
}

/** What the server refused, from its problem document; 5xx without one reads as a bad network. */
function refusal(status, body) {
  const said = body && typeof body === 'object' ? body : {};
  return {
    status,
    code: said.code || 'http_' + status,
    message: forPeople(said.detail) || (status >= 500 ? '服务器忙，请稍后再试。' : '没有成功，请稍后再试。'),
    errors: said.errors || null,
    facts: said.facts || {},
  };
}

function decoded(data) {
  if (typeof data !== 'string' || data === '') return data === '' ? null : data;
  try {
    return JSON.parse(data);
  } catch (broken) {
    return data;
  }
}

/**
 * Resolves with {status, body, headers}, also for refusals; rejects only when no answer came.
 * @param {WechatMiniprogram.RequestOption['method']} method
 * @param {string} path
 * @param {any} body
 * @param {Record<string, string>} [headers]
 * @returns {Promise<any>}
 */
function send(method, path, body, headers) {
  return new Promise((resolve, reject) => {
    wx.request({
      url: baseUrl + path,
      method,
      data: body === undefined ? undefined : body,
      header: Object.assign({ 'Content-Type': 'application/json' }, headers),
      success: (answer) => {
        noteServerTime(answer.header);
        resolve({ status: answer.statusCode, body: decoded(answer.data), headers: answer.header || {} });
      },
      fail: () => reject(lost()),
    });
  });
}

/** Sends one file as multipart/form-data under `picture`, which is what the server reads. */
function sendFile(path, filePath, headers) {
  return new Promise((resolve, reject) => {
    wx.uploadFile({
      url: baseUrl + path,
      filePath,
      name: 'picture',
      header: headers,
      success: (answer) => resolve({ status: answer.statusCode, body: decoded(answer.data), headers: {} }),
      fail: () => reject(lost()),
    });
  });
}

/** Fetches a file into a local path, for pictures that only their owner may see. */
function fetchFile(path, headers) {
  return new Promise((resolve, reject) => {
    wx.downloadFile({
      url: baseUrl + path,
      header: headers,
      success: (answer) => resolve({ status: answer.statusCode, body: answer.tempFilePath, headers: {} }),
      fail: () => reject(lost()),
    });
  });
}

module.exports = { send, sendFile, fetchFile, refusal, subscribe };
