// My pickup points, who works there and on which devices; inviting, removing, shutting out a lost phone.
const api = require('../../../lib/api.js');
const { loading, ask, tellProblem } = require('../../../lib/page.js');
const { once } = require('../../../lib/once.js');
const { copy } = require('../../../lib/permitted.js');
const { day, when } = require('../../../lib/time.js');
const { mark } = require('../../../lib/words.js');
const { orApply } = require('../../lib/door.js');
const { fieldErrors } = require('../../lib/problems.js');

const BLANK = { name: '', address: '', hours: '' };

function person(staff) {
  return {
    id: staff.id, name: staff.display_name, since: `${day(staff.created_at)}加入`,
    devices: staff.devices.map((one) => ({ id: one.id, name: one.device, since: `${when(one.created_at)} 登录` })),
  };
}

async function pointsWithStaff() {
  const points = await api.get('/api/leader/points', { limit: 100 });
  const staffOf = (point) => api.get(`/api/leader/points/${point.id}/staff`, { limit: 100 });
  const staff = await Promise.all(points.items.map(staffOf));
  return {
    items: points.items.map((point, index) => Object.assign({}, point, {
      note: [point.address, point.hours].filter(Boolean).join(' · '), mark: mark(point.words_check),
      staff: staff[index].items.filter((one) => one.state === 'active').map(person),
    })),
  };
}

Page({
  data: {
    status: 'loading', problem: '', items: [], writing: false, point: BLANK, errors: {}, busy: false, asked: null,
    refused: '',
  },
  onShow() {
    this.load();
  },
  onPullDownRefresh() {
    this.load();
  },
  load() {
    return loading(this, orApply(pointsWithStaff()), (found) => found);
  },
  begin() {
    this.setData({ writing: true, point: BLANK, errors: {} });
  },
  leave() {
    this.setData({ writing: false });
  },
  write(event) {
    this.setData({ [`point.${event.currentTarget.dataset.field}`]: event.detail.value, errors: {} });
  },
  add: once(async function () {
    const { name, address, hours } = this.data.point;
    const errors = {};
    if (!name.trim()) errors.name = '写上名称，比如：南门驿站';
    if (!address.trim()) errors.address = '写上地址，邻居照着来取';
    this.setData({ errors });
    if (Object.keys(errors).length) return;
    this.setData({ busy: true });
    try {
      await api.post('/api/leader/points', { name: name.trim(), address: address.trim(), hours: hours.trim() });
      this.setData({ writing: false });
      await this.load();
    } catch (problem) {
      this.setData({ errors: fieldErrors(problem) });
      tellProblem(problem);
    } finally {
      this.setData({ busy: false });
    }
  }),
  invite: once(async function (event) {
    const point = this.data.items[Number(event.currentTarget.dataset.index)];
    await this.showCode(`points/${point.id}/invitations`, '邀请店员',
      (code) => `请店员打开小程序「我的 → 用邀请码加入自提点」，输入 ${code}。`, (code) => code);
  }),
  bind: once(async function (event) {
    const point = this.data.items[Number(event.currentTarget.dataset.index)];
    await this.showCode(`points/${point.id}/chat-codes`, '绑定店员群',
      (code) => `在店员群里 @机器人 发「绑定店员群 ${code}」，群里就能核销。`, (code) => `绑定店员群 ${code}`);
  }),
  async showCode(path, title, tells, copied) {
    try {
      const issued = await api.post(`/api/leader/${path}`);
      const how = `${tells(issued.code)}${when(issued.expires_at)}前有效，只能用一次。`;
      const wanted = await ask(title, how, { yes: '复制', no: '知道了' });
      if (wanted) await copy(copied(issued.code));
    } catch (problem) {
      tellProblem(problem);
    }
  },
  askRemove(event) {
    const { id, name } = event.currentTarget.dataset;
    this.setData({
      refused: '',
      asked: { title: `移除${name}`, tells: '马上不能再核销，所有登录的手机一起退出。以后可以再邀请。', yes: '移除', path: `staff/${id}` },
    });
  },
  askDevice(event) {
    const { id, name } = event.currentTarget.dataset;
    this.setData({
      refused: '',
      asked: { title: '让这台手机退出', tells: `${name} 马上退出，人还在，换手机可以再登录。丢了手机就这样做。`, yes: '退出', path: `devices/${id}` },
    });
  },
  askLease(event) {
    this.setData({
      refused: '',
      asked: {
        title: '结束离线名单', yes: '结束', path: `points/${event.currentTarget.dataset.id}/lease`,
        tells: '拿着名单的手机丢了、坏了才用：它马上不能再离线交货，别的手机可以取名单。它已经交出去的还能上传。',
      },
    });
  },
  leaveAsk() {
    this.setData({ asked: null });
  },
  doIt: once(async function () {
    this.setData({ busy: true, refused: '' });
    try {
      await api.del(`/api/leader/${this.data.asked.path}`);
      this.setData({ asked: null });
      await this.load();
    } catch (problem) {
      const none = problem.status === 404 && this.data.asked.path.endsWith('/lease');
      this.setData({ refused: none ? '这个点现在没有手机拿着离线名单。' : problem.message });
    } finally {
      this.setData({ busy: false });
    }
  }),
});
