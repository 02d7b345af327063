// Paying for a neighbour: the sum and a masked name, nothing else of the order.
const api = require('../../lib/api.js');
const { yuan } = require('../../lib/money.js');
const { once } = require('../../lib/once.js');
const { loading, tell, tellProblem } = require('../../lib/page.js');
const { pay } = require('../../lib/pay.js');

Page({
  path: '',

  data: { status: 'loading', problem: '', bill: null, busy: false, paid: false },

  onLoad(query) {
    this.path = '/api/resident/payfor/' + query.id;
    this.load();
  },

  load() {
    return loading(this, api.get(this.path), (bill) => ({ bill: Object.assign(bill, { total: yuan(bill.total_fen) }) }));
  },

  pay: once(async function payFor() {
    this.setData({ busy: true });
    try {
      const how = await pay(this.path + '/payments');
      if (how === 'paid' || how === 'earlier') this.setData({ paid: true });
      else tell(how === 'cancelled' ? '没有付款' : '付款没有成功，可以再试');
    } catch (problem) {
      await tellProblem(problem);
    }
    this.setData({ busy: false });
    this.load();
  }),

  goHome() { wx.switchTab({ url: '/pages/home/home' }); },
});
