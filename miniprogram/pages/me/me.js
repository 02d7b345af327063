// Me: name, phone, point, the bot's code, and the ways to lead or to stand at a desk.
const api = require('../../lib/api.js');
const { go } = require('../../lib/go.js');
const { once } = require('../../lib/once.js');
const { loading, tell, tellProblem } = require('../../lib/page.js');
const { copy } = require('../../lib/permitted.js');
const { when } = require('../../lib/time.js');
const { LEADER, say } = require('../../lib/words.js');

function largeType() {
  return (wx.getAppBaseInfo().fontSizeSetting || 16) > 17;
}

/** What to know of a new nickname before neighbours see it. */
function checking(check) {
  if (!check) return '';
  if (check.state === 'refused') return '“' + check.nickname + '”没有通过审核，请换一个';
  return '“' + check.nickname + '”审核中，通过后邻居才看得到';
}

Page({
  data: { status: 'loading', problem: '', me: null, leading: '', checking: '', unread: 0, name: '', naming: false, busy: '', code: null, large: false },

  onShow() {
    this.setData({ large: largeType() });
    this.load();
    this.loadUnread();
  },

  load() { return loading(this, api.get('/api/resident/me'), (me) => this.shown(me)); },

  shown(me) {
    return { me, checking: checking(me.name_check), leading: me.leader_state ? say(LEADER, me.leader_state) : '' };
  },

  async loadUnread() {
    try {
      const page = await api.get('/api/resident/notifications', { limit: 20 });
      this.setData({ unread: page.items.filter((notice) => !notice.read_at).length });
    } catch (problem) {
      this.setData({ unread: 0 });
    }
  },

  async change(values) {
    try {
      this.setData(this.shown(await api.put('/api/resident/me', values)));
      return true;
    } catch (problem) {
      await tellProblem(problem);
      this.setData({ me: this.data.me });
      return false;
    }
  },

  openName() { this.setData({ naming: true, name: this.data.me.nickname }); },
  closeName() { this.setData({ naming: false }); },
  typeName(event) { this.setData({ name: event.detail.value }); },

  saveName: once(async function saveName() {
    const nickname = this.data.name.trim();
    if (!nickname) {
      tell('昵称不能空着');
      return;
    }
    this.setData({ busy: 'name' });
    if (await this.change({ nickname })) this.setData({ naming: false });
    this.setData({ busy: '' });
  }),

  switchAnonymous: once(function switchAnonymous(event) { return this.change({ anonymous: event.detail.value }); }),

  bindPhone: once(async function bindPhone(event) {
    const { code } = event.detail;
    if (!code) return;
    this.setData({ busy: 'phone' });
    try {
      this.setData(this.shown(await api.post('/api/resident/phone', { code })));
      tell('已绑定');
    } catch (problem) {
      await tellProblem(problem);
    }
    this.setData({ busy: '' });
  }),

  makeCode: once(async function makeCode() {
    this.setData({ busy: 'code' });
    try {
      const code = await api.post('/api/resident/chat-codes');
      this.setData({ code: Object.assign(code, { until: when(code.expires_at) }) });
    } catch (problem) {
      await tellProblem(problem);
    }
    this.setData({ busy: '' });
  }),

  closeCode() { this.setData({ code: null }); },
  copyCode() { copy(this.data.code.code); },
  open(event) { go(event.currentTarget.dataset.url); },
});
