// Around a page's content: shows that it loads, that it is slow, that there is nothing, or what went wrong.
// It also sizes the type after the phone's own setting.
const SLOW_MS = 4000;

function zoom() {
  const asked = (wx.getAppBaseInfo().fontSizeSetting || 16) / 16;
  return Math.min(1.6, Math.max(1, asked)).toFixed(2);
}

/** What one component keeps beside its data. @returns {any} */
function own(component) {
  return component;
}

Component({
  properties: {
    status: { type: String, value: 'loading' },
    problem: { type: String, value: '' },
    emptyText: { type: String, value: '这里还没有内容' },
    emptyAction: { type: String, value: '' },
  },
  data: { slow: false, zoom: '1' },
  lifetimes: {
    attached() {
      this.setData({ zoom: zoom() });
      this.waiting(this.data.status);
    },
    detached() { clearTimeout(own(this).timer); },
  },
  observers: {
    status(status) { this.waiting(status); },
  },
  methods: {
    waiting(status) {
      clearTimeout(own(this).timer);
      if (this.data.slow) this.setData({ slow: false });
      if (status === 'loading') own(this).timer = setTimeout(() => this.setData({ slow: true }), SLOW_MS);
    },
    retry() { this.triggerEvent('retry'); },
    act() { this.triggerEvent('act'); },
  },
});
