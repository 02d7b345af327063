// One order at the desk: its lines with the units to hand over now, broken units, and money that is due.
Component({
  properties: {
    order: { type: Object, value: { id: '', lines: [] } },
    offline: { type: Boolean, value: false },
  },
  methods: {
    units(event) {
      const { line } = event.currentTarget.dataset;
      this.triggerEvent('units', { order: this.data.order.id, line, value: event.detail.value });
    },
    broken(event) {
      this.triggerEvent('broken', { order: this.data.order.id, line: event.currentTarget.dataset.line });
    },
    cash() {
      this.triggerEvent('cash', { order: this.data.order.id });
    },
    wechat() {
      this.triggerEvent('wechat', { order: this.data.order.id });
    },
  },
});
