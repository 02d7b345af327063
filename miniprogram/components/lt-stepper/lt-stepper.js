// How many: minus and plus between `min` and `max`.
Component({
  properties: {
    value: { type: Number, value: 0 },
    min: { type: Number, value: 0 },
    max: { type: Number, value: 99 },
    label: { type: String, value: '数量' },
  },
  methods: {
    less() { this.change(this.data.value - 1); },
    more() { this.change(this.data.value + 1); },
    change(value) {
      if (value >= this.data.min && value <= this.data.max) this.triggerEvent('change', { value });
      else this.triggerEvent('limit', { value });
    },
  },
});
