// The papers of a campaign or a desk: pressed, one is opened as a workbook, or its link is copied for a printer.
const { once } = require('../../lib/once.js');
const { tell, tellProblem } = require('../../lib/page.js');
const { book, link } = require('../../lib/papers.js');
const { copy } = require('../../lib/permitted.js');
const { when } = require('../../lib/time.js');

const PAPERS = [
  { kind: 'pick-list', title: '拣货单', note: '按商品和规格汇总' },
  { kind: 'points', title: '送货单', note: '每个自提点一张' },
  { kind: 'slips', title: '提货小票', note: '一人一张' },
  { kind: 'labels', title: '袋标', note: '一袋一张，按楼栋、房号排好' },
  { kind: 'roster', title: '接龙名单', note: '按楼栋、房号排好' },
];
const gone = new WeakSet(); // components whose page was left: nobody waits for their papers any more
const WAYS = ['在手机上打开表格', '复制链接，到电脑上打印'];

/** Which of the ways a person chooses; -1 for none. */
function chosen() {
  return new Promise((resolve) => {
    wx.showActionSheet({
      itemList: WAYS, success: (answer) => resolve(answer.tapIndex), fail: () => resolve(-1),
    });
  });
}

function opened(filePath) {
  return new Promise((resolve, reject) => {
    wx.openDocument({
      filePath, fileType: 'xlsx', showMenu: true, success: resolve,
      fail: () => reject({ message: '这台手机打不开表格，请装一个表格软件，或复制链接到电脑上打开。' }),
    });
  });
}

Component({
  properties: { campaign: String },
  data: { papers: PAPERS, busy: '', progress: '' },
  lifetimes: {
    detached() { gone.add(this); },
  },
  methods: {
    print: once(async function (event) {
      const { kind } = event.currentTarget.dataset;
      const way = await chosen();
      if (way < 0) return;
      this.setData({ busy: kind, progress: '正在生成…' });
      try {
        await (way ? this.copy(kind) : this.show(kind));
      } catch (problem) {
        if (!gone.has(this)) tellProblem(problem);
      }
      if (!gone.has(this)) this.setData({ busy: '', progress: '' });
    }),
    /** The arguments that both ways share: whose paper, which, who is told how far it is, and whether to stop. */
    asking(kind) {
      const progress = (percent) => { if (!gone.has(this)) this.setData({ progress: `正在生成 ${percent}%` }); };
      return [this.data.campaign, kind, progress, () => gone.has(this)];
    },
    async show(kind) {
      const filePath = await book(...this.asking(kind));
      if (!filePath || gone.has(this)) return;
      if ('openDocument' in wx) await opened(filePath);
      else await tell('做好了。请在微信里打开这一页，就能查看、打印和转发表格。');
    },
    async copy(kind) {
      const made = await link(...this.asking(kind));
      if (!made || gone.has(this)) return;
      if (await copy(made.url)) await tell(`链接已复制。发到电脑上用浏览器打开，${when(made.expires_at)} 前有效，只能打开一次。`);
    },
  },
});
