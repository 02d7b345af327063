// Following a leader and leaving again, for every page that shows one under data.leader.
const api = require('./api.js');
const { once } = require('./once.js');
const { tell, tellProblem } = require('./page.js');

/** A page's method: follows data.leader or leaves it; data.followBusy while it runs. */
const follow = once(async function follow() {
  const { leader } = this.data;
  const path = '/api/resident/leaders/' + leader.id + '/follow';
  this.setData({ followBusy: true });
  try {
    const { following } = await (leader.following ? api.del(path) : api.put(path));
    const followers = leader.followers + (following ? 1 : -1);
    this.setData({ 'leader.following': following, 'leader.followers': followers });
    tell(following ? '已关注' : '已取消关注');
  } catch (problem) {
    await tellProblem(problem);
  }
  this.setData({ followBusy: false });
});

module.exports = { follow };
