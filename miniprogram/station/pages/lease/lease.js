// The offline lease of this point: take it, give it back, upload what was handed over under it, settle conflicts.
const { keptDesk } = require('../../../lib/session.js');
const { once } = require('../../../lib/once.js');
const { ask, tell, tellProblem } = require('../../../lib/page.js');
const { left, when } = require('../../../lib/time.js');
const place = require('../../lib/place.js');
const { clock, items } = require('../../lib/shape.js');

const STATES = { waiting: '等待上传', done: '已上传', conflict: '有冲突', refused: '没有记上' };
const TO_DO = {
  conflict: '请和那位同事核对各自交给了谁，再告诉团长；这笔损耗团长和平台都看得到。',
  refused: '这笔没有记成交付，货已经出去了。请记下对方是谁，告诉团长处理。',
};

/** What is wrong with this phone's clock, and what that means for the list; '' when it goes right. */
function clockWords(book) {
  const wrong = book.clock();
  if (!wrong) return '';
  if (wrong === 'back') return '这台手机的时间往回改过。离线名单仍按改之前的时间算，联网刷新名单后就好。';
  const minutes = Math.round(Math.abs(book.lease().skew) / 60000);
  const far = minutes < 120 ? `${minutes} 分钟` : `${Math.round(minutes / 60)} 小时`;
  return `这台手机的时间${wrong === 'fast' ? '快' : '慢'}了 ${far}。离线交货按服务器的时间记，断网时请不要改手机时间。`;
}

function note(one) {
  return {
    id: one.clientId, who: `${one.number ? one.number + ' 号 ' : ''}${one.name}`, goods: items(one.lines),
    at: clock(one.at), state: STATES[one.state], trouble: ['conflict', 'refused'].includes(one.state),
    detail: one.detail, toDo: TO_DO[one.state] || '',
  };
}

Page({
  data: {
    status: 'loading', problem: '', standing: 'none', until: '', left: '', orders: 0, takenAt: '', units: 0, notes: [],
    troubles: [], waiting: 0, working: '', clock: '',
  },

  ticking: 0,

  onShow() {
    this.show();
    this.ticking = setInterval(() => this.show(), 30000);
  },
  onHide() { clearInterval(this.ticking); },
  onUnload() { clearInterval(this.ticking); },

  show() {
    if (!keptDesk()) {
      this.setData({ status: 'empty' });
      return;
    }
    const { book } = place;
    const lease = book.lease();
    const notes = book.notes().map(note).reverse();
    this.setData({
      status: 'ready', standing: book.standing(),
      until: lease ? when(lease.until) : '', left: lease ? left(lease.until, book.at()) : '',
      orders: lease ? lease.count : 0, takenAt: lease ? clock(new Date(lease.takenAt).toISOString()) : '',
      notes: notes.filter((one) => !one.trouble), troubles: notes.filter((one) => one.trouble),
      waiting: book.waiting().length, clock: clockWords(book),
    });
  },

  take: once(async function take() {
    await this.work('take', async () => {
      try {
        await place.takeLease(false);
      } catch (problem) {
        if (problem.code !== 'lease_taken') throw problem;
        place.book.drop(); // what this phone held is worth nothing any more
        this.show();
        if (!await this.mayTakeOver(problem)) throw problem;
        await place.takeLease(true);
      }
      tell('名单已取好');
    });
  }),

  /** Another device works offline here: only who knows that it is back, lost or broken takes its lease over. */
  mayTakeOver(problem) {
    const { by, device, since } = problem.facts;
    const words = `${by}的「${device}」${clock(since)}起拿着离线名单。接管后它不能再离线交货；它已经交出去的照样会上传。`;
    return ask('名单在别的手机上', words, { yes: '接管', no: '不接管' });
  },

  upload: once(async function upload() {
    await this.work('upload', async () => {
      const sent = await place.upload();
      if (sent && sent.trouble) throw sent.trouble;
      tell(place.book.troubles().length ? '已上传，有冲突要处理' : '都已上传');
    });
  }),

  giveBack: once(async function giveBack() {
    if (!await ask('交回名单', '交回后本机断网时不能交货，别的手机可以取。', { yes: '交回' })) return;
    await this.work('back', () => place.giveBack());
  }),

  async work(what, doing) {
    this.setData({ working: what });
    try {
      await doing();
    } catch (problem) {
      await tellProblem(problem);
    }
    this.setData({ working: '' });
    this.show();
  },

  async putAway(event) {
    const { id } = event.currentTarget.dataset;
    if (!await ask('处理好了吗？', '核对过、也告诉团长了，才点这里；本机不再显示这一笔。', { yes: '处理好了' })) return;
    place.book.putAway(id);
    this.show();
  },
});
