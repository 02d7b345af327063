// Who follows me: names masked, since when, and how often they ordered.
const api = require('../../../lib/api.js');
const { loading, more } = require('../../../lib/page.js');
const { day } = require('../../../lib/time.js');
const { orApply } = require('../../lib/door.js');

function shape(follower) {
  return {
    key: `${follower.since} ${follower.name}`, title: follower.name, note: `${day(follower.since)}开始关注`,
    value: follower.orders ? `下过 ${follower.orders} 单` : '还没下单',
  };
}

Page({
  data: { status: 'loading', problem: '', items: [], cursor: null, more: '' },
  onLoad() {
    this.load();
  },
  onPullDownRefresh() {
    this.load();
  },
  onReachBottom() {
    return more(this, (cursor) => this.fetch(cursor), shape);
  },
  fetch(cursor) {
    return api.get('/api/leader/followers', { cursor, limit: 50 });
  },
  load() {
    return loading(this, orApply(this.fetch()), (page) => ({
      items: page.items.map(shape), cursor: page.next_cursor, more: '',
    }));
  },
});
