// Whose desk this phone is: join a point by its invitation, log in again, or leave it for good.
const api = require('../../../lib/api.js');
const session = require('../../../lib/session.js');
const { goBackTo } = require('../../../lib/go.js');
const { once } = require('../../../lib/once.js');
const { ask, tellProblem } = require('../../../lib/page.js');
const { when } = require('../../../lib/time.js');
const place = require('../../lib/place.js');

Page({
  data: {
    status: 'loading', problem: '', desk: null, expires: '', over: false, code: '', name: '', device: '', wrong: '',
    working: '', joining: false, stations: [],
  },

  onLoad(query) {
    const device = session.deviceName().trim().slice(0, 80);
    this.setData({ code: query.code || '', device, joining: Boolean(query.code) });
  },

  onShow() { this.load(); },

  /** What the phone remembers is shown at once; the server then says until when it is logged in. */
  async load() {
    const kept = session.keptDesk();
    this.setData({ status: 'ready', desk: kept ? kept.desk : null, problem: '' });
    this.loadStations();
    if (!kept) return;
    try {
      const me = await api.get('/api/station/me');
      this.setData({ desk: me.desk, expires: when(me.expires_at), over: false });
    } catch (problem) {
      const over = problem.status === 401 || problem.status === 404;
      this.setData(over ? { over } : { problem: problem.message });
    }
  },

  /** Where else this person works: there one tap logs this phone in. */
  async loadStations() {
    try {
      const { stations } = await api.get('/api/resident/me');
      const here = this.data.desk ? this.data.desk.point_id : '';
      this.setData({ stations: stations.filter((one) => one.point_id !== here) });
    } catch (problem) {
      this.setData({ problem: problem.message });
    }
  },

  enter: once(async function enter(event) {
    const { id } = event.currentTarget.dataset;
    if (await this.work('enter', () => place.enter(id))) this.toDesk();
  }),

  write(event) {
    this.setData({ [event.currentTarget.dataset.name]: event.detail.value, wrong: '' });
  },

  another() {
    this.setData({ joining: true });
  },

  join: once(async function join() {
    const body = {
      code: this.data.code.trim(), display_name: this.data.name.trim(), device: this.data.device.trim() || '手机',
    };
    if (!body.code || !body.display_name) {
      this.setData({ wrong: body.code ? '写上你的名字，交货时记在单上。' : '邀请码由团长给你。' });
      return;
    }
    const joined = await this.work('join', async () => {
      await place.part();
      session.keepDesk(await api.post('/api/station/join', body));
      this.setData({ joining: false, code: '', over: false });
    });
    if (joined) this.toDesk();
  }),

  logIn: once(async function logIn() {
    if (await this.work('login', () => api.stationLogin(this.data.desk.point_id))) this.toDesk();
  }),

  /** Hand-overs that only this phone knows of are uploaded before it forgets the desk. */
  leave: once(async function leave() {
    await this.work('leave', async () => {
      const words = '离开后你的所有设备都不能再在这里交货，要团长重新邀请才能回来。';
      if (!await ask('离开自提点', words, { yes: '离开' })) return;
      await place.part();
      await api.post('/api/station/leave');
      session.forgetDesk();
    });
    await this.load();
  }),

  /** Whether it went well; else it is told why. */
  async work(what, doing) {
    let well = false;
    this.setData({ working: what, wrong: '' });
    try {
      await doing();
      well = true;
    } catch (problem) {
      if (what === 'join') this.setData({ wrong: problem.message });
      else await tellProblem(problem);
    }
    this.setData({ working: '' });
    return well;
  },

  toDesk() {
    goBackTo('station/pages/desk/desk', '/station/pages/desk/desk');
  },
});
