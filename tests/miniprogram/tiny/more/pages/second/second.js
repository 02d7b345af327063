// A page of a sub-package: its query, the page stack and the way back.
Page({
  data: { from: "", word: "", depth: 0 },
  onLoad(query) {
    this.setData({ from: query.from, word: query.word, depth: getCurrentPages().length });
    wx.setNavigationBarTitle({ title: "改了名" });
  },
  back() {
    wx.navigateBack();
  },
});
