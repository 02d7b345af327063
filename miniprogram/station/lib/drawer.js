// One's own drawer: open it, count it, close it with a reason where it differs.
const api = require('../../lib/api.js');
const { once } = require('../../lib/once.js');
const { ask, tellProblem } = require('../../lib/page.js');
const { fenOf, yuan } = require('../../lib/money.js');
const { marked } = require('../../lib/words.js');
const { clock } = require('./shape.js');

const STATES = { open: '正在收', closed: '已点钱，待上交', handed_over: '已上交' };

/** A drawer as its page shows it. */
function shown(shift) {
  const gap = shift.difference_fen;
  return {
    id: shift.id, state: STATES[shift.state] || shift.state, open: shift.state === 'open', taken: yuan(shift.taken_fen),
    takenFen: shift.taken_fen, counted: yuan(shift.counted_fen), opened: clock(shift.opened_at),
    closed: clock(shift.closed_at), received: shift.received_by,
    gap: gap ? `${gap > 0 ? '少' : '多'} ${yuan(Math.abs(gap))}：${marked(shift.difference_reason, shift.reason_check)}` : '',
  };
}

module.exports = {
  async loadShifts() {
    const page = await api.get('/api/station/shifts', { limit: 20 });
    const shifts = page.items.map(shown);
    return { shift: shifts.find((one) => one.open) || null, shifts: shifts.filter((one) => !one.open) };
  },

  openShift: once(async function openShift() {
    try {
      await api.post('/api/station/shifts');
      await this.load();
    } catch (problem) {
      tellProblem(problem);
    }
  }),

  askCount() {
    this.setData({ counting: true, count: '', why: '', gap: '', countProblem: '' });
  },

  stopCount() {
    this.setData({ counting: false });
  },

  writeCount(event) {
    const fen = fenOf(event.detail.value);
    const gap = fen === null ? 0 : this.data.shift.takenFen - fen;
    const words = gap ? `比记的${gap > 0 ? '少' : '多'} ${yuan(Math.abs(gap))}，请写原因。` : '';
    this.setData({ count: event.detail.value, gap: words, countProblem: '' });
  },

  writeWhy(event) {
    this.setData({ why: event.detail.value });
  },

  closeShift: once(async function closeShift() {
    const { count, gap, shift, why } = this.data;
    const fen = fenOf(count);
    if (fen === null) {
      this.setData({ countProblem: '写数出来的金额，比如 128.50' });
      return;
    }
    if (gap && !why.trim()) {
      this.setData({ countProblem: '对不上时要写原因' });
      return;
    }
    if (!await ask('交班', `抽屉里一共 ${yuan(fen)}，交班后不能改。`, { yes: '交班' })) return;
    try {
      await api.post(`/api/station/shifts/${shift.id}/close`, { counted_fen: fen, reason: why.trim() });
      this.setData({ counting: false });
    } catch (problem) {
      this.setData({ countProblem: problem.message });
    }
    await this.load();
  }),
};
