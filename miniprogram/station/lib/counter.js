// Look-ups and hand-overs of the desk: by the server, or from the lease when the server cannot be reached.
const { codeMac, check, tailMac } = require('./ticket.js');

const LOOK_MS = 4000;
const HAND_MS = 6000;
const UNPAID = '这单收货付款，离线时收不了款，请等网络恢复。';
const TICKET_WORDS = {
  foreign: '这不是取货二维码。',
  pass: '代取码只有联网才知道用过没有。请对方打电话给下单的邻居，报 8 位取货码；或者等网络恢复。',
  elsewhere: '这张二维码是别的自提点的。',
  other_day: '这是另一天的二维码，离线只认今天的：请对方重新打开订单页，或改报接龙号。',
  forged: '这张二维码验不过，不要凭它交货。',
};

/**
 * The desk over `api` (post), a `book` of the lease and `online()`; `newKey()` makes idempotency keys.
 *
 * Without a live lease every failure is the server's or the network's own rejection; with one, a server that cannot be
 * reached is answered from the lease, and what comes says `offline: true`.
 */
function makeCounter(api, book, online, newKey) {
  /**
   * {offline, foundBy, fetchedBy, passShown, orders, hits}: all that one person has here, or the hits to choose among.
   * `passShown` is the text of the pass by which somebody fetches; the server wants to see it again.
   */
  async function find(proof) {
    try {
      const found = await reached(LOOK_MS, () => api.post('/api/station/search', proof));
      const { found_by: foundBy, fetched_by: fetchedBy, hits, orders } = found;
      const passShown = foundBy === 'pass' ? proof.qr : '';
      return { offline: false, foundBy, fetchedBy, passShown, orders, hits };
    } catch (problem) {
      if (!unreachable(problem)) throw problem;
      return findOffline(proof, problem);
    }
  }

  function findOffline(proof, problem) {
    const lease = leaseOr(problem);
    const hits = candidates(lease, proof);
    if (!hits.length) throw refusal('code_wrong', notListed(lease));
    const people = new Set(hits.map((order) => order.owner_hash));
    if (people.size > 1) return { offline: true, foundBy: kind(proof), orders: [], hits: hits.map(hit) };
    const all = lease.orders.filter((order) => order.owner_hash === hits[0].owner_hash);
    const proved = new Map(hits.map((order) => [order.order_id, proof.qr || proof.code || null]));
    return { offline: true, foundBy: kind(proof), orders: all.map((order) => shaped(order, proved)), hits: [] };
  }

  function candidates(lease, proof) {
    if (proof.qr) {
      const ticket = check(proof.qr, lease);
      if (ticket.problem) throw refusal(ticket.problem, TICKET_WORDS[ticket.problem]);
      return lease.orders.filter((order) => order.code_id === ticket.codeId);
    }
    if (proof.code) {
      const hash = codeMac(lease, proof.code);
      return lease.orders.filter((order) => order.code_hash === hash);
    }
    if (proof.payment_id) throw refusal('needs_network', '付款单号要联网才查得到，请改报取货码或接龙号。');
    if (proof.order_id) return lease.orders.filter((order) => order.order_id === proof.order_id);
    const tail = proof.phone_tail && tailMac(lease, proof.phone_tail);
    return lease.orders.filter((order) => (
      (!proof.roster_number || order.number === proof.roster_number) && (!tail || order.tail_hash === tail)
    ));
  }

  /** An order of the lease in the shape in which the server tells one; what was shown proves its own order only. */
  function shaped(order, proved) {
    const lines = order.items.map((item) => ({
      id: item.line_id, name: item.name, spec: item.spec, unit: item.unit, waiting: book.left(item), to_come: 0,
      collected: 0,
    }));
    return {
      id: order.order_id, campaign: order.campaign, roster_number: order.number, owner: order.name,
      recipient: order.recipient, state: order.state, pickup_deadline: order.pickup_deadline, due_fen: order.due_fen,
      lines, token: proved.get(order.order_id) || null,
    };
  }

  /**
   * Hand over the `units` named in the lines of `orders`: {offline, redemptions, refused, notes}. Of a batch each order
   * goes by itself, and `refused` are those that did not. `passShown` is needed when they were found by a pass.
   */
  async function handOver(orders, foundBy, passShown) {
    const wish = foundBy === 'batch' ? eachByItself(orders) : allOrNothing(orders, foundBy, passShown);
    const asked = Object.assign({ key: newKey() }, wish);
    try {
      const answer = await reached(HAND_MS, () => api.post(asked.path, asked.body, { key: asked.key }));
      const made = answer.redemptions || answer.items.map((one) => one.redemption).filter(Boolean);
      book.alsoGiven(made.flatMap((one) => one.items));
      const refused = (answer.items || []).filter((one) => one.result === 'refused');
      return { offline: false, redemptions: made, refused, notes: [] };
    } catch (problem) {
      if (!unreachable(problem)) throw problem;
      const more = problem.unsent ? {} : { asked, sent: true };
      return { offline: true, redemptions: [], refused: [], notes: noteDown(orders, problem, more) };
    }
  }

  function noteDown(orders, problem, more) {
    const lease = leaseOr(problem);
    const listed = orders.map((order) => lease.orders.find((one) => one.order_id === order.id));
    if (!listed.every(Boolean)) throw refusal('not_listed', notListed(lease));
    if (listed.some((order) => order.due_fen)) throw refusal('payment_due', UNPAID);
    return book.note(orders.map((order, at) => (
      Object.assign({ order: listed[at], lines: given(order), token: order.token || null }, more)
    )));
  }

  /** The lease, if it is live; else the rejection that says why offline work is not possible. */
  function leaseOr(problem) {
    const standing = book.standing();
    if (standing === 'over') throw refusal('lease_over', '网络断了，离线名单也已到期：请等网络恢复后再交货。');
    if (standing === 'none') throw problem;
    return book.whole();
  }

  /** Ask the server, but with a live lease no longer than a queue can wait, and not at all without a network. */
  function reached(milliseconds, ask) {
    if (book.standing() !== 'live') return ask();
    if (!online()) return Promise.reject(Object.assign(refusal('lost', '网络断了。'), { status: 0, unsent: true }));
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(Object.assign(refusal('lost', '网络太慢了。'), { status: 0 })), milliseconds);
      ask().then(resolve, reject).then(() => clearTimeout(late));
    });
  }

  return { find, handOver };
}

function allOrNothing(orders, foundBy, passShown) {
  const lines = orders.flatMap((order) => order.lines).map((line) => ({ line: line.id, units: line.units }));
  const body = { orders: orders.map((order) => order.id), found_by: foundBy, lines };
  if (passShown) body.pass_shown = passShown;
  return { path: '/api/station/redemptions', body };
}

function eachByItself(orders) {
  const each = orders.map((order) => ({
    order_id: order.id, lines: order.lines.map((line) => ({ line_id: line.id, units: line.units })),
  }));
  return { path: '/api/station/redemptions/batch', body: { orders: each } };
}

function given(order) {
  return order.lines.map((line) => ({ line_id: line.id, units: line.units, name: line.name, unit: line.unit }));
}

function hit(order) {
  return { order_id: order.order_id, owner: order.name, campaign: order.campaign, roster_number: order.number };
}

function kind(proof) {
  if (proof.qr) return 'qr';
  if (proof.payment_id) return 'payment';
  return proof.code ? 'code' : 'roster';
}

function notListed(lease) {
  return `离线名单里没有（名单里是 ${lease.orders.length} 单，取于断网之前）。请等网络恢复再查。`;
}

/** Whether no answer of our own server came: no network, a time-out, or a server in front of it that has none. */
function unreachable(problem) {
  return [0, 502, 504].includes(problem.status) || problem.code === 'http_503';
}

function refusal(code, message) {
  return { status: -1, code, message, errors: null, facts: {} };
}

module.exports = { makeCounter };
