// One statement: what it is made of, line by line, and having it paid to my WeChat.
const api = require('../../../lib/api.js');
const { loading, more, tell } = require('../../../lib/page.js');
const { once } = require('../../../lib/once.js');
const { yuan } = require('../../../lib/money.js');
const { when } = require('../../../lib/time.js');
const { orApply } = require('../../lib/door.js');
const { STATEMENT, STATEMENT_KIND, period } = require('../../lib/words.js');

const LATER = '已提交。请在一天内打开微信「服务通知」确认收款，过期会退回这里。';

function line(row) {
  return {
    id: `${row.entry} ${row.order} ${row.amount_fen}`, reason: row.reason, at: when(row.at),
    money: yuan(row.amount_fen), minus: row.amount_fen < 0,
  };
}

function shape(statement) {
  const payout = statement.payout;
  return {
    money: yuan(statement.amount_fen), period: period(statement),
    state: STATEMENT[statement.state], kind: STATEMENT_KIND[statement.state] || 'plain',
    payable: statement.state === 'approved' || statement.state === 'failed',
    confirmable: Boolean(payout && payout.confirmable),
    asked: payout ? `${when(payout.asked_at)} 申请` : '',
    finished: payout && payout.finished_at ? when(payout.finished_at) : '',
    why: (payout && (payout.fail_reason || payout.waiting)) || '', drafting: statement.state === 'draft',
    moving: statement.state === 'paying' && !(payout && payout.confirmable),
  };
}

/** WeChat's own sheet, where the payee confirms; resolves whether that was done here. */
function confirmed(params) {
  if (!params.package || !('requestMerchantTransfer' in wx)) return Promise.resolve(false);
  return new Promise((resolve) => {
    wx.requestMerchantTransfer({
      mchId: params.mchId, appId: params.appId, package: params.package, success: () => resolve(true),
      fail: () => resolve(false),
    });
  });
}

Page({
  data: {
    status: 'loading', problem: '', shown: null, items: [], cursor: null, more: '', busy: false, asking: '',
    refused: '',
  },
  id: '',
  onLoad(query) {
    this.id = query.id;
    this.load();
  },
  onPullDownRefresh() {
    this.load();
  },
  onReachBottom() {
    return more(this, (cursor) => this.fetch(cursor), line);
  },
  fetch(cursor) {
    return api.get(`/api/leader/statements/${this.id}/lines`, { cursor, limit: 50 });
  },
  load() {
    const both = Promise.all([api.get(`/api/leader/statements/${this.id}`), this.fetch()]);
    return loading(this, orApply(both), ([one, page]) => ({
      status: 'ready', shown: shape(one), items: page.items.map(line), cursor: page.next_cursor, more: '',
    }));
  },
  ask(event) {
    this.setData({ asking: event.currentTarget.dataset.what, refused: '' });
  },
  leave() {
    this.setData({ asking: '' });
  },
  doIt: once(async function () {
    this.setData({ busy: true, refused: '' });
    try {
      await (this.data.asking === 'withdraw' ? this.withdraw() : this.takeBack());
    } catch (problem) {
      this.setData({ refused: problem.message });
    } finally {
      this.setData({ busy: false });
    }
  }),
  async withdraw() {
    const answer = await api.post(`/api/leader/statements/${this.id}/withdrawal`);
    this.setData({ asking: '', shown: shape(answer.statement) });
    tell(await confirmed(answer.params) ? '已确认，马上到账' : LATER);
    await this.load();
  },
  async takeBack() {
    const answer = await api.post(`/api/leader/statements/${this.id}/withdrawal/cancel`);
    this.setData({ asking: '', shown: shape(answer) });
  },
});
