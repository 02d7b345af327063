// The mini-program's beginning: takes a new version when there is one, and notes when the network is gone.
const { subscribe } = require('./lib/network.js');

App({
  globalData: { online: true },

  onLaunch() {
    subscribe((online) => { this.globalData.online = online; });
    this.takeNewVersion();
  },

  takeNewVersion() {
    if (!wx.getUpdateManager) return;
    const updates = wx.getUpdateManager();
    updates.onUpdateReady(() => {
      wx.showModal({
        title: '有新版本',
        content: '重新打开后即可使用。',
        showCancel: false,
        success: () => updates.applyUpdate(),
      });
    });
  },
});
