// Why a hand-over is taken back: one press on a usual reason, or a few words.
const REASONS = ['拿错了货', '点错了人', '数量点错了', '对方没拿走'];

Component({
  properties: {
    show: { type: Boolean, value: false },
    about: { type: String, value: '' },
  },
  data: { reasons: REASONS, own: '' },
  methods: {
    choose(event) {
      this.tell(event.currentTarget.dataset.reason);
    },
    write(event) {
      this.setData({ own: event.detail.value });
    },
    confirm() {
      if (this.data.own.trim()) this.tell(this.data.own.trim());
    },
    tell(reason) {
      this.setData({ own: '' });
      this.triggerEvent('undo', { reason });
    },
    close() {
      this.triggerEvent('close');
    },
  },
});
