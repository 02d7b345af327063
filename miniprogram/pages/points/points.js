// Pickup points by neighbourhood, to choose the one where I fetch.
const api = require('../../lib/api.js');
const { once } = require('../../lib/once.js');
const { loading, tell, tellProblem } = require('../../lib/page.js');

Page({
  data: { status: 'loading', problem: '', communities: [], at: 0, items: [], mine: '', busy: '' },

  onLoad() { this.load(); },
  onPullDownRefresh() { this.load(); },

  async fetchAll() {
    const [found, me] = await Promise.all([
      api.get('/api/resident/communities', { limit: 100 }, api.OPEN), api.get('/api/resident/me'),
    ]);
    const home = me.home_point;
    const own = home ? found.items.findIndex((community) => community.name === home.community) : -1;
    const at = this.data.communities.length ? this.data.at : Math.max(0, own);
    const items = found.items.length ? await this.pointsOf(found.items[at]) : [];
    return { communities: found.items, at, items, mine: home ? home.id : '' };
  },

  async pointsOf(community) {
    return (await api.get('/api/resident/communities/' + community.id + '/points', { limit: 100 })).items;
  },

  load() { return loading(this, this.fetchAll(), (shown) => shown); },

  pickCommunity(event) {
    this.setData({ at: Number(event.detail.value) });
    this.load();
  },

  choose: once(async function choose(event) {
    const { id } = event.currentTarget.dataset;
    this.setData({ busy: id });
    try {
      await api.put('/api/resident/me', { home_point_id: id === this.data.mine ? null : id });
      const mine = id === this.data.mine ? '' : id;
      this.setData({ mine });
      this.setData({ busy: '' });
      await tell(mine ? '已设为常用自提点' : '已取消');
      if (mine && getCurrentPages().length > 1) wx.navigateBack();
    } catch (problem) {
      this.setData({ busy: '' });
      await tellProblem(problem);
    }
  }),
});
