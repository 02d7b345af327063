// My data in my hands: what is agreed, a copy of all of it, my devices, and deleting the account.
const api = require('../../lib/api.js');
const { go } = require('../../lib/go.js');
const { once } = require('../../lib/once.js');
const { ask, loading, tell, tellProblem } = require('../../lib/page.js');
const session = require('../../lib/session.js');
const { when } = require('../../lib/time.js');
const { readable, send, written } = require('./own-data.js');

const SHOWN = 1500; // letters on the page; all of it is in the file
const CONFIRM = '删除我的账号';
const AUDIENCE = { resident: '小程序', station: '自提点设备' };

function shape(device) {
  return { id: device.id, name: device.device || '手机', note: (AUDIENCE[device.audience] || device.audience) + ' · ' + when(device.created_at) + ' 登录' };
}

Page({
  file: '',

  data: { status: 'loading', problem: '', items: [], busy: '', exported: '', confirm: CONFIRM, typed: '', deleting: false },

  onShow() { this.load(); },

  load() {
    return loading(this, api.get('/api/resident/sessions'), (devices) => ({ status: 'ready', items: devices.map(shape) }));
  },

  fetchCopy: once(async function fetchCopy() {
    this.setData({ busy: 'export' });
    try {
      const text = readable(await api.get('/api/resident/me/export'));
      this.file = await written(text);
      this.setData({ exported: text.slice(0, SHOWN) });
    } catch (problem) {
      await tellProblem(problem);
    }
    this.setData({ busy: '' });
  }),

  sendFile: once(async function sendFile() {
    try {
      await send(this.file);
    } catch (problem) {
      await tellProblem(problem);
    }
  }),


  end: once(async function end(event) {
    const { id } = event.currentTarget.dataset;
    if (!await ask('退出这台设备？', '它要重新登录才能再用。', { yes: '退出' })) return;
    try {
      await api.del('/api/resident/sessions/' + id);
      await this.load();
    } catch (problem) {
      await tellProblem(problem);
    }
  }),

  endAll: once(async function endAll() {
    if (!await ask('退出所有设备？', '自提点上的设备也会退出。', { yes: '全部退出' })) return;
    try {
      await api.del('/api/resident/sessions');
      session.forgetAll();
      wx.reLaunch({ url: '/pages/home/home' });
    } catch (problem) {
      await tellProblem(problem);
    }
  }),

  openDelete() { this.setData({ deleting: true, typed: '' }); },
  closeDelete() { this.setData({ deleting: false }); },
  type(event) { this.setData({ typed: event.detail.value.trim() }); },

  remove: once(async function remove() {
    if (this.data.typed !== CONFIRM) {
      tell('请照样输入：' + CONFIRM);
      return;
    }
    this.setData({ busy: 'delete' });
    try {
      await api.post('/api/resident/me/deletion', { confirm: CONFIRM });
      session.forgetAll();
      await ask('已删除', '您的个人信息已删除；依法要保留的交易记录不再和您关联。', { only: true });
      wx.reLaunch({ url: '/pages/home/home' });
    } catch (problem) {
      this.setData({ deleting: false });
      await tellProblem(problem);
    }
    this.setData({ busy: '' });
  }),

  openAgreement() { go('/pages/agreement/agreement'); },
  openContract() { wx.openPrivacyContract({ fail: () => this.openAgreement() }); },
});
