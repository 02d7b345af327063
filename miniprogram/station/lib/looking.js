// The look-up field of the desk: typing, scanning, choosing among hits, and the brake on wrong codes.
const { once } = require('../../lib/once.js');
const { permitted } = require('../../lib/permitted.js');
const place = require('./place.js');
const { isCode, read } = require('./proof.js');
const { person, problemWords } = require('./shape.js');

const NONE = { found: null, hits: [], message: '' };

/** Scans with the camera; resolves with the text, or '' when the person turned back. */
function scanned() {
  return permitted('scanCode', {}).then((answer) => (answer ? answer.result : ''));
}

module.exports = {
  typed(event) {
    this.typing = true;
    this.setData({ text: event.detail.value, message: '' });
    if (isCode(event.detail.value.replace(/\s/g, ''))) this.look();
  },

  look() {
    return this.lookFor(read(this.data.text));
  },

  async scan() {
    this.typing = false;
    const text = await scanned();
    if (text) await this.lookFor(read(text));
  },

  async choose(event) {
    await this.lookFor({ order_id: event.currentTarget.dataset.id });
  },

  lookFor: once(async function lookFor(proof) {
    if (this.data.slow) return;
    if (proof.problem) {
      this.refuse({ message: proof.problem });
      return;
    }
    this.setData(Object.assign({ looking: true }, NONE));
    try {
      this.show(await place.counter.find(proof));
    } catch (problem) {
      this.refuse(problem);
    }
    this.setData({ looking: false });
  }),

  show(found) {
    this.setData({ offline: found.offline });
    if (!found.offline) this.bringUp();
    if (found.hits.length) {
      this.setData({ hits: found.hits, text: '' });
    } else if (!found.orders.length) {
      this.refuse({ message: '这个人在本点没有待取的订单。' });
    } else {
      this.setData({ found: person(found), last: null, text: '', focus: false });
    }
  },

  /** Says what went wrong; a field that is slowed counts its seconds down. */
  refuse(problem) {
    const seconds = problem.code === 'too_many' ? (problem.facts && problem.facts.retry_after) || 5 : 0;
    this.setData({ message: seconds ? '' : problemWords(problem), text: '', slow: seconds });
    if (problem.status === 0) this.setData({ offline: true });
    if (seconds) this.countDown();
    this.keepFocus();
  },

  countDown() {
    clearTimeout(this.slowing);
    this.slowing = setTimeout(() => {
      this.setData({ slow: Math.max(0, this.data.slow - 1) });
      if (this.data.slow) this.countDown();
      else this.keepFocus();
    }, 1000);
  },

  close() {
    this.setData(NONE);
    this.keepFocus();
  },

  /** Who types goes on typing without a tap; who scans with the camera keeps the keyboard out of the way. */
  keepFocus() {
    if (this.typing) this.setData({ focus: false }, () => this.setData({ focus: true }));
  },
};
