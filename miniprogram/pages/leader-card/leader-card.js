// A leader's card: who it is, what is open, and following with one tap.
const api = require('../../lib/api.js');
const { once } = require('../../lib/once.js');
const { loading, tell, tellProblem } = require('../../lib/page.js');

Page({
  data: { status: 'loading', problem: '', leader: null, busy: false },

  onLoad(query) {
    this.path = '/api/resident/leaders/' + query.id;
    this.load();
  },

  onPullDownRefresh() { this.load(); },
  load() { return loading(this, api.get(this.path), (leader) => ({ leader })); },

  follow: once(async function follow() {
    const { leader } = this.data;
    this.setData({ busy: true });
    try {
      const { following } = await (leader.following ? api.del : api.put)(this.path + '/follow');
      this.setData({ 'leader.following': following, 'leader.followers': leader.followers + (following ? 1 : -1) });
      tell(following ? '已关注' : '已取消关注');
    } catch (problem) {
      await tellProblem(problem);
    }
    this.setData({ busy: false });
  }),

  onShareAppMessage() {
    const { leader } = this.data;
    return { title: leader.display_name + ' 的团购', path: '/pages/leader-card/leader-card?id=' + leader.id };
  },
});
