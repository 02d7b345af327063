// A very small mini-program with which the phone of the sandbox is tested.
App({
  globalData: { launched: 0, path: "", shown: [] },
  onLaunch(options) {
    this.globalData.launched += 1;
    this.globalData.path = options.path;
  },
  onShow() {
    this.globalData.shown.push("app");
  },
});
