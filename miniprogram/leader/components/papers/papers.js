// The papers of a campaign: pressed, one is made and opened as a workbook, from which it is printed or passed on.
const { once } = require('../../../lib/once.js');
const { tell, tellProblem } = require('../../../lib/page.js');
const { PAPERS, paper } = require('../../lib/papers.js');

function opened(filePath) {
  return new Promise((resolve, reject) => {
    wx.openDocument({
      filePath, fileType: 'xlsx', showMenu: true, success: resolve,
      fail: () => reject({ message: '这台手机打不开表格，请装一个表格软件再试。' }),
    });
  });
}

Component({
  properties: { campaign: String },
  data: { papers: PAPERS, busy: '', progress: '' },
  methods: {
    print: once(async function (event) {
      const { kind } = event.currentTarget.dataset;
      this.setData({ busy: kind, progress: '正在生成…' });
      try {
        const progress = (percent) => this.setData({ progress: `正在生成 ${percent}%` });
        const filePath = await paper(this.data.campaign, kind, progress);
        if ('openDocument' in wx) await opened(filePath);
        else await tell('做好了。请在微信里打开这一页，就能查看、打印和转发表格。');
      } catch (problem) {
        tellProblem(problem);
      } finally {
        this.setData({ busy: '', progress: '' });
      }
    }),
  },
});
