// A campaign's poster with its scannable code: looked at, kept in the album, shared.
const api = require('../../../lib/api.js');
const { loading, tell } = require('../../../lib/page.js');
const { once } = require('../../../lib/once.js');
const { permitted } = require('../../../lib/permitted.js');
const { orApply } = require('../../lib/door.js');

Page({
  data: { status: 'loading', problem: '', poster: '', title: '', saving: false },
  id: '',
  onLoad(query) {
    this.id = query.id;
    this.load();
  },
  onShareAppMessage() {
    return { title: this.data.title, path: `/pages/campaign/campaign?id=${this.id}` };
  },
  load() {
    const path = `/api/leader/campaigns/${this.id}`;
    const both = Promise.all([api.download(`${path}/poster.png`), api.get(path)]);
    return loading(this, orApply(both), ([poster, board]) => ({
      poster, title: board.campaign.title,
    }));
  },
  look() {
    wx.previewImage({ current: this.data.poster, urls: [this.data.poster] });
  },
  save: once(async function () {
    this.setData({ saving: true });
    if (await permitted('saveImageToPhotosAlbum', { filePath: this.data.poster })) tell('已存到相册');
    this.setData({ saving: false });
  }),
});
