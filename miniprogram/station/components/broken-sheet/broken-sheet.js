// Broken units refused at the desk: how many, a picture of them, and they are refunded at once.
const api = require('../../../lib/api.js');
const { once } = require('../../../lib/once.js');
const { choose, uploadAll } = require('../../../lib/pictures.js');
const { problemWords } = require('../../lib/shape.js');

const MOST_PICTURES = 3;

Component({
  properties: {
    show: { type: Boolean, value: false },
    order: { type: String, value: '' },
    line: { type: Object, value: { id: '', name: '', unit: '', waiting: 1 } },
  },
  data: { units: 1, pictures: [], reason: '', sending: false, problem: '' },
  observers: {
    show(show) {
      if (show) this.setData({ units: 1, pictures: [], reason: '', problem: '' });
    },
  },
  methods: {
    count(event) {
      this.setData({ units: event.detail.value });
    },
    write(event) {
      this.setData({ reason: event.detail.value });
    },
    async photograph() {
      const more = await choose(MOST_PICTURES - this.data.pictures.length);
      this.setData({ pictures: this.data.pictures.concat(more).slice(0, MOST_PICTURES), problem: '' });
    },
    look(event) {
      wx.previewImage({ urls: this.data.pictures, current: event.currentTarget.dataset.path });
    },
    close() {
      this.triggerEvent('close');
    },
    refuse: once(async function refuse() {
      const { line, order, pictures, reason, units } = this.data;
      if (!pictures.length) {
        this.setData({ problem: '先拍一张坏果的照片。' });
        return;
      }
      this.setData({ sending: true, problem: '' });
      try {
        const evidence = await uploadAll('/api/station/evidence', pictures);
        const body = { lines: [{ line: line.id, units }], evidence, reason: reason.trim() };
        await api.post(`/api/station/orders/${order}/broken`, body);
        this.setData({ sending: false });
        this.triggerEvent('refused', { text: `${line.name} ${units} ${line.unit}` });
      } catch (problem) {
        this.setData({ problem: problemWords(problem), sending: false });
      }
    }),
  },
});
