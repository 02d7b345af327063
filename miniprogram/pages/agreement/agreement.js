// What one agrees to, in the versions that count now.
const consent = require('../../lib/consent.js');
const { once } = require('../../lib/once.js');
const { loading, tell, tellProblem } = require('../../lib/page.js');
const { day } = require('../../lib/time.js');

function dated(paper) {
  return Object.assign(paper, { since: paper.agreed_at ? day(paper.agreed_at) + ' 已同意' : '' });
}

Page({
  data: { status: 'loading', problem: '', papers: [], missing: 0, busy: false },

  onLoad() { this.load(); },

  load() {
    return loading(this, consent.documents(), (papers) => ({
      papers: papers.map(dated), missing: papers.filter((paper) => !paper.agreed).length,
    }));
  },

  agree: once(async function agree() {
    this.setData({ busy: true });
    try {
      await consent.agree(this.data.papers.filter((paper) => !paper.agreed));
      await this.load();
      await tell('已同意');
    } catch (problem) {
      await tellProblem(problem);
    }
    this.setData({ busy: false });
  }),
});
