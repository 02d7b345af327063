// The button: one press at a time is its page's business (lib/once.js), `loading` shows that it runs.
Component({
  properties: {
    kind: { type: String, value: 'primary' },
    loading: { type: Boolean, value: false },
    disabled: { type: Boolean, value: false },
    label: { type: String, value: '' },
  },
  methods: {
    press() {
      if (!this.data.loading && !this.data.disabled) this.triggerEvent('press');
    },
  },
});
