// A leader's morning: what waits for me, one tap away; open campaigns with their live counts; opening the next one.
const api = require('../../../lib/api.js');
const { go } = require('../../../lib/go.js');
const { loading } = require('../../../lib/page.js');
const { yuan } = require('../../../lib/money.js');
const { watch } = require('../../../lib/live.js');
const { orApply } = require('../../lib/door.js');
const { mayRepeat } = require('../../lib/moves.js');

const WATCHED = 5;
const PAGES = '/leader/pages/';

async function everything() {
  const [today, open, all] = await Promise.all([
    api.get('/api/leader/today'),
    api.get('/api/leader/campaigns', { state: 'open', limit: 50 }),
    api.get('/api/leader/campaigns', { limit: 20 }),
  ]);
  return { today, open: open.items, last: all.items.find((one) => mayRepeat(one) && one.state !== 'open') || null };
}

/** What waits for me, as rows; nothing that is zero. */
function waiting(today) {
  const rows = [
    {
      count: today.unpaid_orders, title: '没付款的订单', note: `共 ${yuan(today.unpaid_fen)}，可以私下提醒`, unit: '单',
      to: 'roster/roster?nudge=1',
    },
    { count: today.to_pick_units, title: '要备货', note: '打印拣货单，拣货、发车、点数', unit: '份', to: 'arrivals/arrivals' },
    {
      count: today.to_hand_over, title: '等邻居来取', note: '货到了还没取走', unit: '单',
      to: 'campaigns/campaigns?state=fulfilling',
    },
    { count: today.claims_waiting, title: '售后等答复', note: '24 小时不答复会自动退款', unit: '件', to: 'claims/claims' },
    { count: today.shortages_waiting, title: '到货不够，要分配', note: '先看谁分到多少，再确认', unit: '个', to: 'shortage/shortage' },
  ];
  return rows.filter((row) => row.count > 0).map((row) => Object.assign(row, { value: `${row.count} ${row.unit}` }));
}

Page({
  data: { status: 'loading', problem: '', today: {}, money: '', waits: [], open: [], last: null, again: null },
  stops: [],
  onShow() {
    this.load();
  },
  onHide() {
    this.deafen();
  },
  onUnload() {
    this.deafen();
  },
  onPullDownRefresh() {
    this.load();
  },
  async load() {
    const found = await loading(this, orApply(everything()), (all) => ({
      today: all.today, money: yuan(all.today.counted_fen_today), waits: waiting(all.today), last: all.last,
      open: all.open.map((one) => ({
        id: one.id, title: one.title, closes_at: one.closes_at, people: one.participant_count, text: one.progress.text,
      })),
    }));
    if (found) this.listen();
  },
  listen() {
    this.deafen();
    this.stops = this.data.open.slice(0, WATCHED).map((one, index) => watch(one.id, (seen) => {
      const shown = this.data.open[index];
      if (!shown || shown.id !== seen.id) return;
      if (seen.state !== 'open') this.load();
      this.setData({ [`open[${index}].people`]: seen.participant_count, [`open[${index}].text`]: seen.progress.text });
    }));
  },
  deafen() {
    this.stops.forEach((stop) => stop());
    this.stops = [];
  },
  follow(event) {
    go(PAGES + event.currentTarget.dataset.to);
  },
  repeat() {
    this.setData({ again: this.data.last });
  },
  leaveAgain() {
    this.setData({ again: null });
  },
});
