// My commission: what is pending, payable and paid, my statements, and each order line with its reason.
const api = require('../../../lib/api.js');
const { go } = require('../../../lib/go.js');
const { loading, more } = require('../../../lib/page.js');
const { yuan } = require('../../../lib/money.js');
const { orApply } = require('../../lib/door.js');
const { STATEMENT, STATEMENT_KIND, period } = require('../../lib/words.js');

function line(row) {
  return {
    key: `${row.order_id} ${row.item}`,
    title: `${row.number === null ? '' : `${row.number} 号 `}${row.item}`, money: yuan(row.commission_fen),
    why: row.why.replace(/；/g, '；\n'),
  };
}

function statement(row) {
  return {
    id: row.id, title: period(row), money: yuan(row.amount_fen), state: STATEMENT[row.state],
    kind: STATEMENT_KIND[row.state] || 'plain',
  };
}

Page({
  data: { status: 'loading', problem: '', sums: null, statements: [], items: [], cursor: null, more: '', campaign: '' },
  onLoad(query) {
    this.setData({ campaign: query.id || '' });
  },
  onShow() {
    this.load();
  },
  onPullDownRefresh() {
    this.load();
  },
  onReachBottom() {
    return more(this, (cursor) => this.fetch(cursor), line);
  },
  fetch(cursor) {
    return api.get('/api/leader/commissions', { campaign_id: this.data.campaign, cursor, limit: 30 });
  },
  load() {
    const all = Promise.all([
      api.get('/api/leader/earnings'), api.get('/api/leader/statements', { limit: 20 }), this.fetch(),
    ]);
    return loading(this, orApply(all), ([sums, statements, page]) => ({
      status: 'ready',
      sums: {
        payable: yuan(sums.payable_fen), pending: yuan(sums.pending_fen), moving: yuan(sums.on_its_way_fen),
        paid: yuan(sums.paid_fen), below: sums.payable_fen < 0,
      },
      statements: statements.items.map(statement), items: page.items.map(line), cursor: page.next_cursor, more: '',
    }));
  },
  open(event) {
    go(`/leader/pages/statement/statement?id=${event.currentTarget.dataset.id}`);
  },
});
