// From formed to the shelf: one delivery per point is picked, shipped, and counted in when it arrives.
const api = require('../../../lib/api.js');
const { go } = require('../../../lib/go.js');
const { loading, tell } = require('../../../lib/page.js');
const { once } = require('../../../lib/once.js');
const { when } = require('../../../lib/time.js');
const { orApply } = require('../../lib/door.js');
const { whole } = require('../../lib/amount.js');
const { DELIVERY } = require('../../lib/words.js');

const STEPS = {
  planned: { move: 'pick', label: '开始拣货', tells: '告诉大家这个点开始拣货。开始后，这个点的邻居不能再改自提点。' },
  picking: { move: 'ship', label: '发车', tells: '货出发去自提点了。' },
};

function shape(delivery) {
  return {
    id: delivery.id, point: delivery.point, batch: delivery.batch, state: delivery.state,
    stateText: DELIVERY[delivery.state], step: STEPS[delivery.state] || null, counting: delivery.state === 'in_transit',
    arrived: delivery.arrived_at ? `${when(delivery.arrived_at)} 到货` : '',
    short: delivery.lines.some((line) => line.short),
    lines: delivery.lines.map((line) => ({
      offer: line.offer_id, name: line.name, unit: line.unit, planned: line.planned_units,
      count: String(line.planned_units), note: arrivedNote(delivery, line),
    })),
  };
}

function arrivedNote(delivery, line) {
  if (!delivery.arrived_at) return `要 ${line.planned_units} ${line.unit}`;
  const surplus = line.surplus_units ? `，多出 ${line.surplus_units}` : '';
  return `要 ${line.planned_units}，到 ${line.arrived_units} ${line.unit}${line.short ? '，不够，等分配' : ''}${surplus}`;
}

Page({
  data: {
    status: 'loading', problem: '', id: '', choosing: false, states: ['formed', 'fulfilling'], title: '',
    state: '', deliveries: [], picks: [], short: false, asked: null, busy: false, refused: '', errors: {},
  },
  onLoad(query) {
    if (query.id) this.take({ detail: { id: query.id } });
    else this.setData({ choosing: true });
  },
  onPullDownRefresh() {
    this.load();
  },
  take(event) {
    this.setData({ id: event.detail.id, choosing: false });
    this.load();
  },
  load() {
    if (!this.data.id) return undefined;
    const path = `/api/leader/campaigns/${this.data.id}`;
    const all = Promise.all([api.get(path), api.get(`${path}/deliveries`), api.get(`${path}/pick-list`)]);
    return loading(this, orApply(all), ([board, moved, picks]) => ({
      title: board.campaign.title, state: board.campaign.state, deliveries: moved.deliveries.map(shape),
      short: moved.deliveries.some((one) => one.lines.some((line) => line.short)), errors: {},
      picks: picks.by_sku.map((line) => ({
        id: line.offer_id, name: line.name, note: line.spec, value: `${line.units} ${line.unit}`,
      })),
    }));
  },
  askDispatch() {
    this.setData({
      refused: '',
      asked: { label: '开始备货', tells: '按自提点生成备货单，接下来拣货、发车、点数。', path: `campaigns/${this.data.id}/dispatch` },
    });
  },
  askStep(event) {
    const delivery = this.data.deliveries[Number(event.currentTarget.dataset.index)];
    const { move, label, tells } = delivery.step;
    this.setData({ refused: '', asked: { label, tells, path: `deliveries/${delivery.id}/${move}` } });
  },
  count(event) {
    const { index, line } = event.currentTarget.dataset;
    this.setData({ [`deliveries[${index}].lines[${line}].count`]: event.detail.value, errors: {} });
  },
  askArrive(event) {
    const delivery = this.data.deliveries[Number(event.currentTarget.dataset.index)];
    const counts = {};
    const errors = {};
    const missing = [];
    delivery.lines.forEach((line) => {
      const units = whole(line.count);
      if (units === null) errors[line.offer] = '写数到的份数，没有就写 0';
      else if (units < line.planned) missing.push(`${line.name}少 ${line.planned - units} ${line.unit}`);
      counts[line.offer] = units;
    });
    this.setData({ errors, refused: '' });
    if (Object.keys(errors).length) return;
    const tells = missing.length
      ? `${missing.join('，')}。少的商品先不发，等您分配；其余马上通知邻居来取。点数后不能改。`
      : '数量都对。马上通知邻居来取，点数后不能改。';
    this.setData({ asked: { label: '确认到货', tells, path: `deliveries/${delivery.id}/arrive`, body: { counts } } });
  },
  leave() {
    this.setData({ asked: null });
  },
  doIt: once(async function () {
    const { path, body, label } = this.data.asked;
    this.setData({ busy: true, refused: '' });
    try {
      await api.post(`/api/leader/${path}`, body);
      this.setData({ asked: null });
      tell(`${label}：好了`);
      await this.load();
    } catch (problem) {
      this.setData({ refused: problem.message });
    } finally {
      this.setData({ busy: false });
    }
  }),
  share() {
    go(`/leader/pages/shortage/shortage?id=${this.data.id}`);
  },
});
