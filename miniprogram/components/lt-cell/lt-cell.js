// One row of a list: a title, a note beneath it, a value and an arrow.
Component({
  properties: {
    title: { type: String, value: '' },
    note: { type: String, value: '' },
    value: { type: String, value: '' },
    arrow: { type: Boolean, value: false },
  },
  methods: {
    press() { this.triggerEvent('press'); },
  },
});
