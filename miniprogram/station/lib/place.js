// The desk's parts put together once for all pages of this package: storage, lease, look-ups, uploads.
const api = require('../../lib/api.js');
const { subscribe } = require('../../lib/network.js');
const { deviceName, keptDesk } = require('../../lib/session.js');
const { serverNow } = require('../../lib/time.js');
const { makeBook } = require('./book.js');
const { makeCounter } = require('./counter.js');
const { makeUploads } = require('./uploads.js');

const FRESH_MS = 10 * 60 * 1000;
const TOO_LARGE = '名单太大，这台手机存不下，断网时不能交货；联网照常。清理微信的存储空间，或换一台手机再试。';
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

/** Fetch a lease (again) for this device; what was noted before goes first. */
async function takeLease(takeOver) {
  await allSent();
  const label = deviceName().trim().slice(0, 80) || '柜台手机';
  const body = Object.assign({ device_label: label }, takeOver ? { take_over: true } : {});
  const before = book.moves();
  let lease = await api.post('/api/station/lease', body);
  const older = book.moves() !== before; // than a hand-over that was made meanwhile
  if (older) lease = await api.post('/api/station/lease', body);
  await keep(lease);
}

/** A list that this phone cannot hold is given back, so that another device may take it. */
async function keep(lease) {
  try {
    book.keep(lease, serverNow());
  } catch (full) {
    book.drop();
    await api.del('/api/station/lease').catch(() => undefined); // the next try of this same device takes it again
    throw { status: -1, code: 'too_large', message: TOO_LARGE, errors: null, facts: {} };
  }
}

/** Renew the list of a lease now and then while there is a network; one that was taken over is given up. */
async function freshen() {
  const lease = book.lease();
  if (book.standing() !== 'live' || serverNow() - lease.takenAt < FRESH_MS) return;
  try {
    await takeLease(false);
  } catch (problem) {
    if (problem.code === 'lease_taken') book.drop();
  }
}

/** Give the lease back, so that another device may take it; one that is over or taken over is gone already. */
async function giveBack() {
  await allSent();
  try {
    await api.del('/api/station/lease');
  } catch (problem) {
    if (problem.status !== 404) throw problem;
  }
  book.drop();
}

/** What this device alone knows of is uploaded, or it rejects with how much is not. */
async function allSent() {
  const sent = await upload();
  if (!sent || !sent.left) return;
  const message = `还有 ${sent.left} 笔离线交付没传上去，联网传完再试。`;
  throw { status: -1, code: 'unsent', message, errors: null, facts: {} };
}

/** Part from this point: nothing of it stays behind on this device. */
async function part() {
  await allSent();
  if (book.lease()) await giveBack();
}

/** Work at a point where one works already; the desk of before is parted from. */
async function enter(pointId) {
  const kept = keptDesk();
  if (kept && kept.desk.point_id !== pointId) await part();
  return api.stationLogin(pointId);
}

module.exports = {
  book, counter, upload, takeLease, freshen, giveBack, part, enter, watch, isConnected: () => connected,
};
