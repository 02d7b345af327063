// A leader's card: who it is, what is open, and following with one tap.
const api = require('../../lib/api.js');
const { follow } = require('../../lib/follow.js');
const { loading } = require('../../lib/page.js');

Page({
  path: '',

  data: { status: 'loading', problem: '', leader: null, followBusy: false },

  onLoad(query) {
    this.path = '/api/resident/leaders/' + query.id;
    this.load();
  },

  onPullDownRefresh() { this.load(); },
  load() { return loading(this, api.get(this.path), (leader) => ({ leader })); },

  follow,

  onShareAppMessage() {
    const { leader } = this.data;
    return { title: leader.display_name + ' 的团购', path: '/pages/leader-card/leader-card?id=' + leader.id };
  },
});
