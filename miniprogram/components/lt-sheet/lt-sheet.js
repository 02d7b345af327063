// A sheet from below with a title and a way out.
Component({
  properties: {
    show: { type: Boolean, value: false },
    title: { type: String, value: '' },
  },
  methods: {
    close() { this.triggerEvent('close'); },
    stay() {},
  },
});
