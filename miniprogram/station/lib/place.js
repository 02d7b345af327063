// The desk's parts put together once for all pages of this package: storage, lease, look-ups, uploads.
const api = require('../../lib/api.js');
const { subscribe } = require('../../lib/network.js');
const { serverNow } = require('../../lib/time.js');
const { makeBook } = require('./book.js');
const { makeCounter } = require('./counter.js');
const { makeUploads } = require('./uploads.js');

const store = {
  get: (key) => wx.getStorageSync(key),
  set: (key, value) => wx.setStorageSync(key, value),
  remove: (key) => wx.removeStorageSync(key),
};
let connected = true;
const book = makeBook(store, Date.now);
const uploads = makeUploads(book, api);
const counter = makeCounter(api, book, () => connected, api.newKey);

let watching = null;

subscribe((online) => {
  connected = online;
  if (watching) watching(online);
});

/** Let the page that is open hear when the network comes and goes; with nothing, nobody does. */
function watch(heard) {
  watching = heard;
}

/** Bring what was noted offline to the server, if something waits; resolves with what `uploads.run` tells, or null. */
function upload() {
  return book.waiting().length ? uploads.run() : Promise.resolve(null);
}

/** Fetch a lease (again) for this device; what was noted before goes first. Rejects with `unsent` notes left. */
async function takeLease(deviceLabel, takeOver) {
  const sent = await upload();
  if (sent && sent.left) {
    throw sent.trouble || { status: -1, code: 'unsent', message: `还有 ${sent.left} 笔离线交付没传上去，先传完。` };
  }
  const body = Object.assign({ device_label: deviceLabel }, takeOver ? { take_over: true } : {});
  const lease = await api.post('/api/station/lease', body);
  book.keep(lease, serverNow());
  return lease;
}

/** Give the lease back, so that another device may take it. */
async function giveBack() {
  await upload();
  await api.del('/api/station/lease');
  book.drop();
}

module.exports = { book, counter, upload, takeLease, giveBack, watch, isConnected: () => connected };
