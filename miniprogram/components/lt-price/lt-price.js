// A price in fen, the yuan larger than the rest.
const { yuan } = require('../../lib/money.js');

Component({
  properties: {
    fen: { type: Number, value: 0 },
    size: { type: String, value: 'l' },
    struck: { type: Boolean, value: false },
  },
  data: { whole: '', cents: '', text: '' },
  observers: {
    fen(fen) {
      const text = yuan(fen);
      const dot = text.indexOf('.');
      this.setData({ text, whole: text.slice(0, dot), cents: text.slice(dot) });
    },
  },
});
