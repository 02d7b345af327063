// A dangerous act asked once: what follows from it in words, a reason where one is needed, then yes or not.
Component({
  options: { addGlobalClass: true },
  properties: {
    show: Boolean,
    title: String,
    tells: String,
    reason: String,
    yes: { type: String, value: '确定' },
    kind: { type: String, value: 'danger' },
    busy: Boolean,
    error: String,
  },
  data: { words: '', missing: '' },
  observers: {
    show(shown) {
      if (shown) this.setData({ words: '', missing: '' });
    },
  },
  methods: {
    write(event) {
      this.setData({ words: event.detail.value, missing: '' });
    },
    agree() {
      const words = this.data.words.trim();
      if (this.data.reason && !words) {
        this.setData({ missing: '请写明原因' });
        return;
      }
      this.triggerEvent('yes', { words });
    },
    leave() {
      this.triggerEvent('close');
    },
  },
});
