// What I was told, newest first, and which messages may also be pushed.
const api = require('../../lib/api.js');
const { go } = require('../../lib/go.js');
const { once } = require('../../lib/once.js');
const { loading, more } = require('../../lib/page.js');
const subscribe = require('../../lib/subscribe.js');
const { unbroken, when } = require('../../lib/time.js');

function shape(notice) {
  return Object.assign({}, notice, { body: unbroken(notice.body), at: when(notice.created_at), unread: !notice.read_at });
}

Page({
  data: { status: 'loading', problem: '', items: [], cursor: null, more: '', templates: [] },

  onShow() {
    this.load();
    this.prepare();
  },

  onPullDownRefresh() { this.load(); },

  load() {
    return loading(this, api.get('/api/resident/notifications', { limit: 20 }), (page) => ({
      items: page.items.map(shape), cursor: page.next_cursor,
    }));
  },

  async prepare() { this.setData({ templates: await subscribe.prepare() }); },

  onReachBottom() {
    more(this, (cursor) => api.get('/api/resident/notifications', { limit: 20, cursor }), shape);
  },

  allow: once(async function allow() {
    const templates = await subscribe.offer(subscribe.ABOUT_ORDERS);
    this.setData({ templates });
  }),

  async open(event) {
    const { at } = event.currentTarget.dataset;
    const notice = this.data.items[at];
    if (notice.unread) {
      this.setData({ ['items[' + at + '].unread']: false });
      api.post('/api/resident/notifications/' + notice.id + '/read').catch(() => undefined);
    }
    if (notice.order_id) go('/pages/order/order?id=' + notice.order_id);
    else if (notice.campaign_id) go('/pages/campaign/campaign?id=' + notice.campaign_id);
  },
});
