// The first page: data, lists, a component, wxs, navigation, the request and the sheets.
const words = require("../../lib/words");

Page({
  data: { hello: "", items: [{ id: 1, fen: 1280 }, { id: 2, fen: 500 }], told: "", spoken: "", pulled: 0, reached: 0, wide: 300 },
  onLoad(query) {
    this.setData({ hello: words.hello(), told: query.told || "" });
  },
  onPullDownRefresh() {
    this.setData({ pulled: this.data.pulled + 1 });
    wx.stopPullDownRefresh();
  },
  onReachBottom() {
    this.setData({ reached: this.data.reached + 1 });
  },
  onShareAppMessage() {
    return { title: "一起来团", path: "pages/home/home?told=分享" };
  },
  change() {
    this.setData({ "items[0].fen": 999 });
  },
  pressed(event) {
    this.setData({ told: `盒子 ${event.detail.presses}` });
  },
  row(event) {
    this.setData({ told: `第 ${event.currentTarget.dataset.id} 行` });
  },
  next() {
    wx.navigateTo({ url: "/more/pages/second/second?from=home&word=%E4%BD%A0" });
  },
  ask() {
    wx.showModal({
      title: "问一句",
      content: "要不要？",
      success: (answer) => this.setData({ told: answer.confirm ? "要" : "不要", spoken: answer.confirm ? "肯定" : "" }),
    });
  },
  choose() {
    wx.showActionSheet({
      itemList: ["白菜", "萝卜"],
      success: (answer) => this.setData({ told: `选了 ${answer.tapIndex}` }),
      fail: () => this.setData({ told: "没选" }),
    });
  },
  call() {
    wx.request({
      url: "/healthz",
      success: (answer) => this.setData({ told: `答 ${answer.statusCode}` }),
      fail: (problem) => this.setData({ told: problem.errMsg }),
    });
  },
  forbidden() {
    /** @type {any} */ (wx).startBluetooth({});
  },
});
