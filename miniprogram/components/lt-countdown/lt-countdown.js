// How long until then, by the server's clock; tells once when it is over.
const { left } = require('../../lib/time.js');

/** What one component keeps beside its data. @returns {any} */
function own(component) {
  return component;
}

Component({
  properties: {
    until: { type: String, value: '' },
    over: { type: String, value: '已结束' },
  },
  data: { text: '' },
  lifetimes: {
    attached() { this.tick(); },
    detached() { clearTimeout(own(this).timer); },
  },
  observers: {
    until() { this.tick(); },
  },
  methods: {
    tick() {
      clearTimeout(own(this).timer);
      if (!this.data.until) return;
      const text = left(this.data.until);
      if (text !== this.data.text) this.setData({ text: text || this.data.over });
      if (text) own(this).timer = setTimeout(() => this.tick(), text.endsWith('秒') ? 1000 : 15000);
      else if (own(this).toldFor !== this.data.until) this.tell();
    },
    tell() {
      own(this).toldFor = this.data.until;
      this.triggerEvent('over');
    },
  },
});
