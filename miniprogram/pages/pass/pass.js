// Fetching for a neighbour: the one-time pass as the desk wants to see it.
const api = require('../../lib/api.js');
const { loading } = require('../../lib/page.js');
const { when } = require('../../lib/time.js');

function shape(pass) {
  return Object.assign({}, pass, {
    until: when(pass.expires_at),
    text: pass.items.map((item) => item.name + ' ×' + item.units).join('，'),
  });
}

Page({
  path: '',

  data: { status: 'loading', problem: '', pass: null, qr: '' },

  onLoad(query) {
    this.path = '/api/resident/passes/' + query.token;
    this.load();
  },

  async load() {
    const pass = await loading(this, api.get(this.path), (seen) => ({ pass: shape(seen) }));
    if (!pass || pass.used) return;
    try {
      this.setData({ qr: await api.download(this.path + '/qr.png') });
    } catch (problem) {
      this.setData({ problem: problem.message });
    }
  },

  onPullDownRefresh() { this.load(); },
  enlarge() { wx.previewImage({ urls: [this.data.qr], current: this.data.qr }); },
});
