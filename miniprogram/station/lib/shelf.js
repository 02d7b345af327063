// The lease in this device's storage: its head under one key and its orders in pieces, since WeChat keeps 1 MB a key
// and 10 MB in all. Two slots take turns, so that what is there stays whole until what is newer is.

const HEAD = 'station.lease';
const MOST_ORDERS = 400;
const MOST_LETTERS = 200000; // at most three bytes each in UTF-8, so well under the 1 MB of a key

function keyOf(slot, at) {
  return `${HEAD}.${slot}.${at}`;
}

/** The orders in pieces that each fit under one key. */
function pieces(orders) {
  const all = [];
  let letters = Infinity;
  for (const order of orders) {
    const size = JSON.stringify(order).length;
    if (letters + size > MOST_LETTERS || all[all.length - 1].length >= MOST_ORDERS) {
      all.push([]);
      letters = 0;
    }
    all[all.length - 1].push(order);
    letters += size;
  }
  return all;
}

/**
 * A shelf over `store` (see book.js). `head()` is what was kept of the lease without its orders, or null; `whole()` is
 * all of it, read once and then kept in memory. `keep` throws what `store.set` throws, and then holds nothing.
 */
function makeShelf(store) {
  let read = null; // {slot, pieces} of what is kept

  const head = () => store.get(HEAD) || null;

  function keep(lease) {
    const { orders, ...rest } = lease;
    const parts = pieces(orders);
    const old = head();
    const slot = old && old.slot === 'a' ? 'b' : 'a';
    try {
      write(slot, parts);
    } catch (full) {
      drop(); // both do not fit side by side
      write(slot, parts);
    }
    store.set(HEAD, Object.assign(rest, { slot, parts: parts.length, count: orders.length }));
    read = { slot, pieces: parts };
    if (old) clear(old.slot);
  }

  function write(slot, parts) {
    clear(slot);
    try {
      parts.forEach((part, at) => store.set(keyOf(slot, at), part));
    } catch (full) {
      clear(slot);
      throw full;
    }
  }

  /** Also pieces that were left by a kill amid keeping go. */
  function clear(slot) {
    for (let at = 0; store.get(keyOf(slot, at)); at += 1) store.remove(keyOf(slot, at));
  }

  function piecesOf(held) {
    if (!read || read.slot !== held.slot) {
      read = { slot: held.slot, pieces: Array.from({ length: held.parts }, (_, at) => store.get(keyOf(held.slot, at)) || []) };
    }
    return read.pieces;
  }

  function whole() {
    const held = head();
    return held && Object.assign({}, held, { orders: [].concat(...piecesOf(held)) });
  }

  /**
   * Lets `changed(order)` change orders in place, true where it did; only the pieces that changed are written. A list
   * that can no longer be written is not to be believed and goes.
   */
  function change(changed) {
    const held = head();
    if (!held) return;
    const touched = piecesOf(held).map((part, at) => (part.filter(changed).length ? at : -1)).filter((at) => at >= 0);
    try {
      for (const at of touched) store.set(keyOf(held.slot, at), read.pieces[at]);
    } catch (full) {
      drop();
    }
  }

  function drop() {
    read = null;
    store.remove(HEAD);
    ['a', 'b'].forEach(clear);
  }

  return { head, whole, keep, change, drop };
}

module.exports = { makeShelf };
