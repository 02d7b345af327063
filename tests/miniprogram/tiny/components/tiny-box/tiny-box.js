// A box with a title and a slot that counts its presses.
Component({
  options: { multipleSlots: true },
  properties: { title: { type: String, value: "" }, start: { type: Number, value: 0 } },
  data: { presses: 0 },
  observers: {
    start(value) {
      this.setData({ presses: value });
    },
  },
  methods: {
    press() {
      this.setData({ presses: this.data.presses + 1 });
      this.triggerEvent("press", { presses: this.data.presses });
    },
  },
});
