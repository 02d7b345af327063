// The counter: one field finds a person by any proof, one press hands over; without a network it goes on by the lease.
const { go } = require('../../../lib/go.js');
const api = require('../../../lib/api.js');
const { mark } = require('../../../lib/words.js');
const { keptDesk } = require('../../../lib/session.js');
const { loading } = require('../../../lib/page.js');
const handing = require('../../lib/handing.js');
const looking = require('../../lib/looking.js');
const paying = require('../../lib/paying.js');
const place = require('../../lib/place.js');
const { clock } = require('../../lib/shape.js');

const TRY_AGAIN_MS = 20000;

Page({
  ...looking,
  ...handing,
  ...paying,
  data: {
    status: 'loading', problem: '', point: '', staff: '', checking: '', offline: false, text: '', focus: true, looking: false,
    handing: false, slow: 0, message: '', found: null, hits: [], last: null, undoing: false, batch: [],
    batchPeople: 0, batchWords: '', paying: null, broken: null, unsent: 0, troubles: 0,
    lease: { standing: 'none', until: '', orders: 0, back: false },
  },

  wanted: '',
  point: '',
  typing: true,
  tryingAgain: 0,
  slowing: 0,
  payWatch: 0,

  onLoad(query) {
    this.wanted = query.order || '';
    this.point = query.point || '';
  },

  onShow() {
    this.enter();
  },

  /** Opens the desk of `?point=`, where that is another than the one of last time by logging in there. */
  async enter() {
    let kept = keptDesk();
    if (this.point && (!kept || kept.desk.point_id !== this.point)) {
      if (!await loading(this, place.enter(this.point))) return;
      kept = keptDesk();
    }
    this.point = '';
    if (kept) this.begin(kept);
    else this.setData({ status: 'empty' });
  },

  begin(kept) {
    const { display_name: staff, point } = kept.desk;
    this.setData({ status: 'ready', point, staff, offline: !place.isConnected() });
    api.get('/api/station/me').then(({ desk }) => this.setData({ checking: mark(desk.name_check) })).catch(() => undefined);
    place.watch((online) => this.networkChanged(online));
    this.bringUp();
    if (this.wanted) this.lookFor({ order_id: this.wanted });
    this.wanted = '';
  },

  onHide() {
    place.watch(null);
    this.setData({ message: '' });
    clearTimeout(this.tryingAgain);
  },

  onUnload() {
    place.watch(null);
    [this.tryingAgain, this.slowing, this.payWatch].forEach(clearTimeout);
  },

  networkChanged(online) {
    this.setData({ offline: !online });
    if (online) this.bringUp();
  },

  /** Sends what was noted offline, and goes on trying while something waits and the page is open. */
  async bringUp() {
    this.refreshLease();
    const sent = await place.upload();
    if (!this.data.offline) await place.freshen();
    this.refreshLease();
    clearTimeout(this.tryingAgain);
    if (sent && sent.left) this.tryingAgain = setTimeout(() => this.bringUp(), TRY_AGAIN_MS);
    else if (sent && this.data.offline) this.setData({ offline: !place.isConnected() });
  },

  refreshLease() {
    const lease = place.book.lease();
    this.setData({
      lease: {
        standing: place.book.standing(), until: lease ? clock(lease.until) : '',
        orders: lease ? lease.count : 0, back: place.book.clock() === 'back',
      },
      unsent: place.book.waiting().length,
      troubles: place.book.troubles().length,
    });
  },

  askBroken(event) {
    const { order, line } = event.detail;
    const found = this.data.found.orders.find((one) => one.id === order);
    this.setData({ broken: { order, line: found.lines.find((one) => one.id === line) }, focus: false });
  },

  stopBroken() {
    this.setData({ broken: null });
    this.keepFocus();
  },

  /** What is left of the person after broken units went back is looked up anew. */
  async refused(event) {
    const { order } = this.data.broken;
    const { owner } = this.data.found;
    this.setData({ broken: null });
    await this.lookFor({ order_id: order });
    this.setData({ message: '', last: { title: '已退坏果', text: owner, goods: event.detail.text, undoable: false } });
  },

  toToday() { go('/station/pages/today/today'); },
  toArrivals() { go('/station/pages/arrivals/arrivals'); },
  toPapers() { go('/station/pages/papers/papers'); },
  toLease() { go('/station/pages/lease/lease'); },
  toJoin() { go('/station/pages/join/join'); },
});
