// What the desk's pages show of the server's answers: people, orders, lines, hand-overs in words.
const { when } = require('../../lib/time.js');
const { yuan } = require('../../lib/money.js');
const { marked } = require('../../lib/words.js');

const FOUND_BY = {
  code: '取货码', qr: '扫码', roster: '接龙号', batch: '一批', chat: '店员群', photo: '照片', payment: '付款', undo: '撤销',
  courier: '快递', offline: '离线', pass: '代取',
};

/** "14:03" of today, else "昨天 14:03". */
function clock(iso) {
  return when(iso).replace(/^今天 /, '');
}

function goods(line) {
  return line.spec ? `${line.name} ${line.spec}` : line.name;
}

/** An order as the desk shows it; all that waits is chosen at first. */
function order(one) {
  const lines = one.lines.map((line) => ({
    id: line.id, name: goods(line), bare: line.name, unit: line.unit, waiting: line.waiting, toCome: line.to_come,
    collected: line.collected, chosen: line.waiting,
  }));
  const whose = one.recipient ? `${one.owner}（给${one.recipient}）` : one.owner;
  return {
    id: one.id, campaign: one.campaign, number: one.roster_number ? `${one.roster_number}` : '', owner: whose,
    due: one.due_fen ? yuan(one.due_fen) : '', dueFen: one.due_fen, deadline: clock(one.pickup_deadline), lines,
    token: one.token || null, waits: lines.some((line) => line.waiting > 0), state: one.state,
  };
}

/** Everything found of one person, and how much of it is chosen to be handed over now. */
function person(found) {
  const orders = found.orders.map(order);
  const { fetchedBy = '', foundBy, offline, passShown = '' } = found;
  return counted({ owner: orders[0] ? orders[0].owner : '', offline, foundBy, fetchedBy, passShown, orders });
}

/** The same with its sums: what is chosen, what could be. */
function counted(shown) {
  const lines = shown.orders.filter(free).flatMap((one) => one.lines);
  const chosen = lines.reduce((sum, line) => sum + line.chosen, 0);
  const most = lines.reduce((sum, line) => sum + line.waiting, 0);
  const due = shown.orders.filter((one) => one.waits && one.dueFen).length;
  return Object.assign({}, shown, { chosen, most, due, nothing: !most && !due });
}

/** Whether an order can be handed over without taking money first. */
function free(one) {
  return one.waits && !one.dueFen;
}

/** The orders and units to hand over, as `counter.handOver` wants them; those of one `person` share that. */
function chosenOf(shown) {
  const taken = shown.orders.filter(free).map((one) => ({
    id: one.id,
    token: one.token,
    owner: one.owner,
    person: shown.orders[0].id,
    lines: one.lines.filter((line) => line.chosen)
      .map((line) => ({ id: line.id, units: line.chosen, name: line.bare, unit: line.unit })),
  }));
  return taken.filter((one) => one.lines.length);
}

/** "大闸蟹 ×2 只、草莓 ×1 盒". */
function items(lines) {
  return lines.map((line) => `${line.name} ×${Math.abs(line.units)} ${line.unit || '份'}`).join('、');
}

/** A redemption of the day in one row. */
function redemption(one) {
  return {
    id: one.id, orderId: one.order_id, owner: one.owner, number: one.roster_number ? `${one.roster_number}` : '',
    by: one.by,
    how: (FOUND_BY[one.found_by] || one.found_by) + (one.fetched_by ? `：${one.fetched_by}` : ''),
    at: clock(one.at), reason: marked(one.reason, one.reason_check),
    goods: items(one.items), back: Boolean(one.reverses), undone: Boolean(one.undone_by),
  };
}

/** A refusal in words: who was first and when, how long to wait; else what the server says. */
function problemWords(problem) {
  const facts = problem.facts || {};
  if (problem.code === 'already_collected' && facts.by) return `${clock(facts.at)} 已由 ${facts.by} 交付，不能再交一次。`;
  return problem.message || '出错了，请再试一次。';
}

/** The instants in a sentence of the server's as people say them. */
function readable(sentence) {
  return sentence.replace(/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+Z/g, clock);
}

module.exports = { order, person, counted, chosenOf, items, redemption, problemWords, readable, clock, goods };
