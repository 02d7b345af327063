// Handing over at the desk: all or a part, one person or a batch, and taking a mistake back.
const api = require('../../lib/api.js');
const { once } = require('../../lib/once.js');
const place = require('./place.js');
const { chosenOf, counted, items, problemWords, readable } = require('./shape.js');

/** The owners of some orders, each person once, though two may be masked alike. */
function peopleOf(orders) {
  return [...new Map(orders.map((one) => [one.person, one.owner])).values()];
}

/** What was just done, with what an undo of it needs. */
function doneBy(orders, result) {
  return {
    title: result.offline ? '已记下（离线）' : '已交付',
    text: peopleOf(orders).join('、'),
    goods: items(orders.flatMap((one) => one.lines)),
    offline: result.offline,
    redemptions: result.redemptions.map((one) => ({ id: one.id, items: one.items })),
    notes: result.notes.map((note) => note.clientId),
    undoable: result.offline ? result.notes.every((note) => !note.sent) : true,
  };
}

module.exports = {
  setUnits(event) {
    const { order, line, value } = event.detail;
    const found = this.data.found;
    const change = (one) => (one.id === line ? Object.assign({}, one, { chosen: value }) : one);
    const orders = found.orders.map((one) => (
      one.id === order ? Object.assign({}, one, { lines: one.lines.map(change) }) : one
    ));
    this.setData({ found: counted(Object.assign({}, found, { orders })) });
  },

  handOver() {
    const { foundBy, passShown } = this.data.found;
    return this.hand(chosenOf(this.data.found), foundBy, passShown);
  },

  /** Put this person's goods aside and go on with the next one; one press then hands all of them over. */
  addToBatch() {
    const added = chosenOf(this.data.found);
    const known = new Set(added.map((one) => one.id));
    const batch = this.data.batch.filter((one) => !known.has(one.id)).concat(added);
    const people = peopleOf(batch);
    this.setData({ batch, found: null, batchPeople: people.length, batchWords: people.join('、') });
    this.keepFocus();
  },

  async handOverBatch() {
    await this.hand(this.data.batch, 'batch');
  },

  clearBatch() {
    this.setData({ batch: [], batchPeople: 0, batchWords: '' });
  },

  hand: once(async function hand(orders, foundBy, passShown) {
    if (!orders.length) return;
    this.setData({ handing: true, message: '' });
    try {
      const result = await place.counter.handOver(orders, foundBy, passShown);
      if (foundBy === 'batch') this.clearBatch();
      const refused = new Map(result.refused.map((one) => [one.order_id, one]));
      const done = orders.filter((one) => !refused.has(one.id));
      const kept = orders.filter((one) => refused.has(one.id));
      const words = kept.map((one) => `${one.owner}没有交成：${readable(refused.get(one.id).detail)}`);
      const last = done.length ? doneBy(done, result) : null;
      this.setData({ found: null, last, offline: result.offline, message: words.join(' ') });
    } catch (problem) {
      this.setData({ found: null, message: problemWords(problem), offline: problem.status === 0 });
    }
    this.setData({ handing: false });
    this.refreshLease();
    this.keepFocus();
  }),

  askUndo() {
    this.setData({ undoing: true });
  },

  stopUndo() {
    this.setData({ undoing: false });
  },

  /** Offline notes that were not sent yet are simply struck out; everything else is undone by the server. */
  undo: once(async function undo(event) {
    const { redemptions, notes } = this.data.last;
    this.setData({ undoing: false });
    try {
      if (!notes.every((id) => place.book.takeBack(id))) throw { message: '这笔已经在上传，请联网后到「今日」里撤销。' };
      for (const one of redemptions) {
        await api.post(`/api/station/redemptions/${one.id}/undo`, { reason: event.detail.reason });
        place.book.alsoGiven(one.items.map((item) => ({ line_id: item.line_id, units: -item.units })));
      }
      this.setData({ last: null, message: '' });
      wx.showToast({ title: '已撤销', icon: 'none' });
    } catch (problem) {
      this.setData({ message: problemWords(problem) });
    }
    this.refreshLease();
    this.keepFocus();
  }),
};
