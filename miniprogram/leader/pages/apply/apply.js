// Becoming a leader: what I say of myself, where my application stands, and why it was turned down.
const api = require('../../../lib/api.js');
const { loading, tellProblem } = require('../../../lib/page.js');
const { once } = require('../../../lib/once.js');
const time = require('../../../lib/time.js');
const { fieldErrors } = require('../../lib/problems.js');
const { APPLICATION, APPLICATION_KIND } = require('../../lib/words.js');

const NEXT = {
  applied: '平台一般在一个工作日内审核，结果会发到您的消息里。',
  approved: '您已经是团长了，现在就可以开团。',
  suspended: '您的团长权限已停用，进行中的团不受影响。有疑问请联系平台。',
  rejected: '改好后可以再次提交。',
};

async function standing() {
  const [communities, application] = await Promise.all([
    api.get('/api/resident/communities', { limit: 100 }),
    api.get('/api/resident/leader-application').catch((problem) => {
      if (problem.status === 404) return null;
      throw problem;
    }),
  ]);
  return { communities: communities.items, application };
}

Page({
  data: {
    status: 'loading', problem: '', communities: [], application: null, stateText: '', kind: 'plain', next: '',
    since: '', writing: false, name: '', introduction: '', chosen: -1, errors: {}, sending: false,
  },
  onShow() {
    this.load();
  },
  load() {
    return loading(this, standing(), (found) => this.shown(found.application, found.communities));
  },
  shown(application, communities) {
    const writing = !application || application.state === 'rejected';
    const about = application || { community_id: '', display_name: '', introduction: '', state: '' };
    const known = communities.findIndex((one) => one.id === about.community_id);
    return {
      application, communities, writing, stateText: APPLICATION[about.state] || '',
      kind: APPLICATION_KIND[about.state] || 'plain', next: NEXT[about.state] || '',
      since: application ? time.day(application.created_at) : '',
      name: this.data.name || about.display_name, introduction: this.data.introduction || about.introduction,
      chosen: this.data.chosen >= 0 ? this.data.chosen : communities.length === 1 ? 0 : known,
    };
  },
  write(event) {
    const field = event.currentTarget.dataset.field;
    this.setData({ [field]: event.detail.value, errors: {} });
  },
  choose(event) {
    this.setData({ chosen: Number(event.detail.value), errors: {} });
  },
  apply: once(async function () {
    const community = this.data.communities[this.data.chosen];
    const errors = {};
    if (!this.data.name.trim()) errors.display_name = '写上大家怎么称呼您，最多 20 字';
    if (!community) errors.community_id = '请选择小区';
    this.setData({ errors });
    if (Object.keys(errors).length) return;
    this.setData({ sending: true });
    try {
      const application = await api.post('/api/resident/leader-application', {
        display_name: this.data.name.trim(), community_id: community.id, introduction: this.data.introduction.trim(),
      });
      this.setData(this.shown(application, this.data.communities));
    } catch (problem) {
      this.setData({ errors: fieldErrors(problem) });
      tellProblem(problem);
    } finally {
      this.setData({ sending: false });
    }
  }),
  begin() {
    wx.redirectTo({ url: '/leader/pages/dashboard/dashboard' });
  },
});
