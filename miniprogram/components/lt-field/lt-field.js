// A labelled input; `type` is text, number, digit, area (several lines) or password.
Component({
  properties: {
    label: { type: String, value: '' },
    value: { type: String, value: '' },
    placeholder: { type: String, value: '' },
    type: { type: String, value: 'text' },
    error: { type: String, value: '' },
    note: { type: String, value: '' },
    maxlength: { type: Number, value: 100 },
  },
  methods: {
    change(event) { this.triggerEvent('change', { value: event.detail.value }); },
    done(event) { this.triggerEvent('done', { value: event.detail.value }); },
  },
});
