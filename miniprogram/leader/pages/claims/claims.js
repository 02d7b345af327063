// After-sales: what a buyer says with pictures, until when I must answer, and my answer.
const api = require('../../../lib/api.js');
const { loading, more, tellProblem } = require('../../../lib/page.js');
const { yuan } = require('../../../lib/money.js');
const { left, when } = require('../../../lib/time.js');
const { CLAIM_REASON, marked } = require('../../../lib/words.js');
const { orApply } = require('../../lib/door.js');
const { CLAIM, CLAIM_KIND } = require('../../lib/words.js');

const TABS = [{ state: 'asked', text: '等我答复' }, { state: '', text: '全部' }];

function shape(claim) {
  const units = claim.asked_units ? `${claim.asked_units} ${claim.unit}` : '';
  const asked = claim.state === 'asked';
  return {
    id: claim.id, state: claim.state, stateText: CLAIM[claim.state], kind: CLAIM_KIND[claim.state] || 'plain', asked,
    who: `${claim.roster_number ? `${claim.roster_number} 号 ` : ''}${claim.owner}`, title: claim.campaign_title,
    what: [claim.name, units, CLAIM_REASON[claim.reason]].filter(Boolean).join(' · '), words: claim.words,
    money: yuan(claim.asked_fen), asked_fen: claim.asked_fen, evidence: claim.evidence, when: when(claim.created_at),
    due: asked && claim.due_at ? left(claim.due_at) : '',
    answer: claim.answer_fen || claim.answer_words || claim.words_check
      ? `答复：${claim.answer_fen ? `退 ${yuan(claim.answer_fen)} ` : ''}${marked(claim.answer_words, claim.words_check)}` : '',
  };
}

Page({
  data: {
    status: 'loading', problem: '', tabs: TABS, state: 'asked', items: [], cursor: null, more: '', pictures: {},
    chosen: null,
  },
  onShow() {
    this.load();
  },
  onPullDownRefresh() {
    this.load();
  },
  onReachBottom() {
    return more(this, (cursor) => this.fetch(cursor), shape).then(() => this.fetchPictures());
  },
  fetch(cursor) {
    return api.get('/api/leader/claims', { state: this.data.state, cursor, limit: 20 });
  },
  async load() {
    const { state } = this.data;
    await loading(this, orApply(this.fetch()), (page) => (
      state === this.data.state
        ? { items: page.items.map(shape), cursor: page.next_cursor, more: '' } : { status: 'loading' }
    ));
    await this.fetchPictures();
  },
  /** Fetches the pictures one after the other; one that does not come can be asked for by pressing it. */
  async fetchPictures() {
    const wanted = [].concat(...this.data.items.map((claim) => claim.evidence));
    for (const id of wanted) {
      if (!this.data.pictures[id]) await this.fetchPicture(id).catch(() => undefined);
    }
  },
  async fetchPicture(id) {
    const path = await api.download(`/api/leader/evidence/${id}`);
    this.setData({ [`pictures.${id}`]: path });
    return path;
  },
  async look(event) {
    const { claim, picture } = event.currentTarget.dataset;
    try {
      const current = this.data.pictures[picture] || await this.fetchPicture(picture);
      const all = this.data.items[Number(claim)].evidence.map((id) => this.data.pictures[id]).filter(Boolean);
      wx.previewImage({ current, urls: all });
    } catch (problem) {
      tellProblem(problem);
    }
  },
  choose(event) {
    this.setData({ state: event.currentTarget.dataset.state, status: 'loading', items: [], cursor: null });
    this.load();
  },
  answer(event) {
    this.setData({ chosen: this.data.items[Number(event.currentTarget.dataset.index)] });
  },
  leave() {
    this.setData({ chosen: null });
  },
  answered() {
    this.setData({ chosen: null });
    this.load();
  },
});
