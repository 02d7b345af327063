// The offline lease in this device's storage, and the hand-overs noted under it until the server has each of them.

const { makeShelf } = require('./shelf.js');

const NOTES = 'station.lease.notes';
const SEEN = 'station.lease.seen';
const MINUTE_MS = 60 * 1000;
const WRONG_MS = 2 * MINUTE_MS;
const MOST_NOTED = 250000; // letters; mostly of one byte, and never over 1 MB
const FULL = '这台手机存不下更多离线交付了，请等网络恢复、上传以后再交货。';
const TAKEN = '这些已经在本机交出去了，不能再交一次。';
const OPEN = ['waiting', 'conflict', 'refused'];

/**
 * A book over `store` ({get(key), set(key, value), remove(key)}, which survive a kill) and `now()` (milliseconds).
 *
 * A note is {clientId, leaseId, orderId, number, name, lines, token, at, state, detail}, and a line of it
 * {line_id, units, name, unit}. It waits, and then is done, a conflict or refused; only a person puts those last away.
 */
function makeBook(store, now) {
  let moved = 0;
  const shelf = makeShelf(store);
  const lease = () => shelf.head();
  const notes = () => store.get(NOTES) || [];

  /** none, live or over: whether offline work is possible at all. */
  function standing() {
    const held = lease();
    if (!held) return 'none';
    return instant(held) < Date.parse(held.until) ? 'live' : 'over';
  }

  /** The server's time as this device can know it without asking; it never runs back, whatever is done to the clock. */
  function instant(held) {
    const told = now() + (held ? held.skew || 0 : 0);
    const seen = store.get(SEEN) || 0;
    if (told > seen + MINUTE_MS) store.set(SEEN, told);
    return Math.max(told, seen);
  }

  /** '', or what is wrong with this device's clock: put `back` since the list was taken, or `fast` or `slow` then. */
  function clock() {
    const held = lease();
    if (!held) return '';
    if (now() + held.skew < (store.get(SEEN) || 0) - WRONG_MS) return 'back';
    if (Math.abs(held.skew) < WRONG_MS) return '';
    return held.skew < 0 ? 'fast' : 'slow';
  }

  /**
   * Keep a fresh lease; the server has counted what was uploaded before, so those notes are done with. Throws what the
   * store throws when the lease is too large for it; none is held then.
   */
  function keep(fresh, serverNow) {
    shelf.keep(Object.assign({}, fresh, { skew: serverNow - now(), takenAt: serverNow }));
    store.set(SEEN, serverNow);
    store.set(NOTES, notes().filter((note) => OPEN.includes(note.state)));
  }

  /** Units of a line that this device may still hand out: what the lease said, less all that was noted since. */
  function left(line) {
    const given = notes().reduce((sum, note) => sum + unitsOf(note, line.line_id), 0);
    return Math.max(0, line.units_left - given);
  }

  function unitsOf(note, lineId) {
    if (lease() && note.takenAt !== lease().takenAt && note.state !== 'waiting') return 0;
    return note.lines.filter((line) => line.line_id === lineId).reduce((sum, line) => sum + line.units, 0);
  }

  /**
   * Write hand-overs down before anybody is told of them: [{order (of the lease), lines, token, …}], all or none.
   * Throws {code: 'taken'} when more is asked for than is left, {code: 'full'} when no more can be written down.
   */
  function note(acts) {
    if (!acts.every(fits)) throw { status: -1, code: 'taken', message: TAKEN, errors: null, facts: {} };
    const held = lease();
    const at = noted(held);
    const made = acts.map(({ order, ...more }) => Object.assign({
      clientId: newId(now()), leaseId: held.id, takenAt: held.takenAt, orderId: order.order_id, number: order.number,
      name: order.name, at, state: 'waiting', detail: '',
    }, more));
    const all = notes().concat(made);
    if (JSON.stringify(all).length > MOST_NOTED) throw { status: -1, code: 'full', message: FULL, errors: null, facts: {} };
    store.set(NOTES, all);
    return made;
  }

  /** The instant to write under a note; kept, so that no later one is earlier. */
  function noted(held) {
    const at = instant(held);
    store.set(SEEN, at);
    return new Date(at).toISOString();
  }

  function fits(act) {
    const known = new Map(act.order.items.map((item) => [item.line_id, item]));
    const one = (line) => known.has(line.line_id) && line.units >= 1 && line.units <= left(known.get(line.line_id));
    return act.lines.length > 0 && act.lines.every(one);
  }

  /** What was handed over online while the lease is held counts here, too. */
  function alsoGiven(lines) {
    moved += 1;
    const given = new Map(lines.map((line) => [line.line_id, line.units]));
    shelf.change((order) => {
      const hit = order.items.filter((item) => given.has(item.line_id));
      for (const item of hit) item.units_left = Math.max(0, item.units_left - given.get(item.line_id));
      return hit.length > 0;
    });
  }

  /** Change notes by client id: {clientId: {state, detail}}. */
  function settle(results) {
    store.set(NOTES, notes().map((one) => Object.assign({}, one, results[one.clientId])));
  }

  /** Take a note back as a mistake; false once it was on its way to the server, where an undo is the way. */
  function takeBack(clientId) {
    const free = notes().some((one) => one.clientId === clientId && one.state === 'waiting' && !one.sent);
    if (free) putAway(clientId);
    return free;
  }

  function putAway(clientId) {
    store.set(NOTES, notes().filter((one) => one.clientId !== clientId));
  }

  return {
    lease, whole: () => shelf.whole(), notes, standing, clock, keep, left, at: () => instant(lease()), note, alsoGiven, settle, takeBack, putAway,
    moves: () => moved,
    waiting: () => notes().filter((one) => one.state === 'waiting'),
    troubles: () => notes().filter((one) => one.state === 'conflict' || one.state === 'refused'),
    drop: () => shelf.drop(),
  };
}

let counter = 0;

function newId(at) {
  counter += 1;
  const chance = Array.from({ length: 16 }, () => Math.floor(Math.random() * 16).toString(16)).join('');
  return `${at.toString(36)}-${counter.toString(36)}-${chance}`;
}

module.exports = { makeBook, newId };
