// After-sales: asking money back for goods handed over, with pictures; and what came of it.
const api = require('../../lib/api.js');
const { fenOf, yuan } = require('../../lib/money.js');
const { once } = require('../../lib/once.js');
const { ask, loading, tell, tellProblem } = require('../../lib/page.js');
const { choose, uploadAll } = require('../../lib/pictures.js');
const { when } = require('../../lib/time.js');
const words = require('../../lib/words.js');

const MOST_PICTURES = 6;
const REASONS = Object.keys(words.CLAIM_REASON).map((key) => ({ key, text: words.CLAIM_REASON[key] }));

function shapeClaim(claim) {
  return {
    id: claim.id,
    state: words.say(words.CLAIM, claim.state),
    name: claim.name,
    asked: claim.asked_units + ' ' + claim.unit + '，' + yuan(claim.asked_fen),
    reason: words.say(words.CLAIM_REASON, claim.reason) + (claim.words || claim.words_check ? '：' + words.marked(claim.words, claim.words_check) : ''),
    answer: claim.answer_fen ? yuan(claim.answer_fen) : '',
    answer_words: claim.answer_words,
    due: claim.due_at ? when(claim.due_at) + ' 前会有答复，否则自动处理' : '',
    at: when(claim.created_at),
    may_take: claim.buyer_may.includes('take_offer'),
    may_escalate: claim.buyer_may.includes('escalate'),
    may_withdraw: claim.buyer_may.includes('withdraw'),
  };
}

Page({
  path: '',
  query: { id: '', order: '', line: '' },
  ids: {},

  data: {
    status: 'loading', problem: '', claim: null, pictures: [], line: null, reasons: REASONS, reason: 'bad', units: 1,
    amount: '', words: '', chosen: [], busy: '', until: '',
  },

  onLoad(query) {
    this.query = Object.assign({ id: '', order: '', line: '' }, query);
    this.ids = {};
    this.load();
  },

  load() { return this.query.id ? this.loadClaim() : this.loadLine(); },

  async loadClaim() {
    this.path = '/api/resident/claims/' + this.query.id;
    const claim = await loading(this, api.get(this.path), (seen) => ({ claim: shapeClaim(seen) }));
    if (!claim) return;
    const kept = [];
    for (const id of claim.evidence) kept.push(await api.download('/api/resident/evidence/' + id).catch(() => ''));
    this.setData({ pictures: kept.filter(Boolean) });
  },

  loadLine() {
    return loading(this, api.get('/api/resident/orders/' + this.query.order), (order) => {
      const line = order.lines.find((each) => each.id === this.query.line) || order.lines[0];
      const most = Math.max(1, line.collected_units - line.refunded_after_units);
      return {
        line: { id: line.id, name: line.offer_name, spec: line.spec, unit: line.unit, most },
        until: order.aftersales_until ? when(order.aftersales_until) : '',
      };
    });
  },

  pickReason(event) { this.setData({ reason: event.currentTarget.dataset.key }); },
  changeUnits(event) { this.setData({ units: event.detail.value }); },
  typeAmount(event) { this.setData({ amount: event.detail.value }); },
  typeWords(event) { this.setData({ words: event.detail.value }); },

  addPictures: once(async function addPictures() {
    const added = await choose(MOST_PICTURES - this.data.chosen.length);
    this.setData({ chosen: this.data.chosen.concat(added).slice(0, MOST_PICTURES) });
  }),

  dropPicture(event) {
    this.setData({ chosen: this.data.chosen.filter((path) => path !== event.currentTarget.dataset.path) });
  },

  look(event) {
    const { path } = event.currentTarget.dataset;
    wx.previewImage({ urls: this.data.claim ? this.data.pictures : this.data.chosen, current: path });
  },

  submit: once(async function submit() {
    const { line, reason, units, amount, chosen } = this.data;
    const sum = amount.trim() ? fenOf(amount) : null;
    if (amount.trim() && !sum) {
      tell('金额请写成 12.80 这样');
      return;
    }
    this.setData({ busy: 'submit' });
    try {
      const evidence = await this.uploaded(chosen);
      const body = { line: line.id, reason, units, evidence, words: this.data.words.trim() };
      if (sum) body.amount_fen = sum;
      const claim = await api.post('/api/resident/orders/' + this.query.order + '/claims', body);
      this.query.id = claim.id;
      this.setData({ status: 'loading' });
      await this.load();
    } catch (problem) {
      await tellProblem(problem);
    }
    this.setData({ busy: '' });
  }),

  /** Each picture is uploaded once, also when the claim has to be sent again. */
  async uploaded(paths) {
    for (const path of paths) {
      if (!this.ids[path]) this.ids[path] = (await uploadAll('/api/resident/evidence', [path]))[0];
    }
    return paths.map((path) => this.ids[path]);
  },

  act: once(async function act(event) {
    const { verb, question } = event.currentTarget.dataset;
    if (!await ask('', question)) return;
    this.setData({ busy: verb });
    try {
      this.setData({ claim: shapeClaim(await api.post(this.path + '/' + verb)) });
    } catch (problem) {
      await tellProblem(problem);
      await this.load();
    }
    this.setData({ busy: '' });
  }),
});
