// A later deadline: moved once, everybody with an order is told.
const { when, serverNow } = require('../../../lib/time.js');
const { parts, iso } = require('../../lib/dates.js');

const DAY_MS = 24 * 3600 * 1000;

Component({
  options: { addGlobalClass: true },
  properties: { show: Boolean, closes: String, busy: Boolean, error: String },
  data: { date: '', clock: '', text: '' },
  observers: {
    'show, closes'(show, closes) {
      if (show && closes) this.choose(parts(Math.max(Date.parse(closes), serverNow()) + DAY_MS));
    },
  },
  methods: {
    choose(chosen) {
      const date = chosen.date || this.data.date;
      const clock = chosen.time || this.data.clock;
      this.setData({ date, clock, text: when(iso(date, clock)) });
    },
    setDate(event) {
      this.choose({ date: event.detail.value });
    },
    setClock(event) {
      this.choose({ time: event.detail.value });
    },
    leave() {
      this.triggerEvent('close');
    },
    agree() {
      this.triggerEvent('yes', { closesAt: iso(this.data.date, this.data.clock) });
    },
  },
});
