// My campaigns by state; any that ran before is opened again in two taps.
const api = require('../../../lib/api.js');
const { go } = require('../../../lib/go.js');
const { loading, more } = require('../../../lib/page.js');
const { when } = require('../../../lib/time.js');
const { CAMPAIGN, CAMPAIGN_KIND } = require('../../../lib/words.js');
const { orApply } = require('../../lib/door.js');
const { mayRepeat } = require('../../lib/moves.js');

const STATES = [
  '', 'open', 'draft', 'scheduled', 'paused', 'closed', 'formed', 'fulfilling', 'completed', 'failed', 'cancelled',
];
const TABS = STATES.map((state) => ({ state, text: state ? CAMPAIGN[state] : '全部' }));

function card(one) {
  const plain = one.progress.kind === 'people' && !one.progress.minimum;
  return Object.assign({}, one, {
    stateText: CAMPAIGN[one.state], kind: CAMPAIGN_KIND[one.state] || 'plain', closes: when(one.closes_at),
    text: plain ? one.progress.text : `${one.participant_count} 人 · ${one.progress.text}`, repeatable: mayRepeat(one),
  });
}

Page({
  data: { status: 'loading', problem: '', tabs: TABS, state: '', items: [], cursor: null, more: '', again: null },
  onLoad(query) {
    this.setData({ state: STATES.includes(query.state) ? query.state : '' });
  },
  onShow() {
    this.load();
  },
  onPullDownRefresh() {
    this.load();
  },
  onReachBottom() {
    return more(this, (cursor) => this.fetch(cursor), card);
  },
  fetch(cursor) {
    return api.get('/api/leader/campaigns', { state: this.data.state, cursor, limit: 20 });
  },
  load() {
    const state = this.data.state;
    return loading(this, orApply(this.fetch()), (page) => (
      state === this.data.state
        ? { items: page.items.map(card), cursor: page.next_cursor, more: '' } : { status: 'loading' }
    ));
  },
  choose(event) {
    this.setData({ state: event.currentTarget.dataset.state, status: 'loading', items: [], cursor: null });
    this.load();
  },
  open(event) {
    go(`/leader/pages/campaign/campaign?id=${event.currentTarget.dataset.id}`);
  },
  repeat(event) {
    this.setData({ again: this.data.items[event.currentTarget.dataset.index] });
  },
  leaveAgain() {
    this.setData({ again: null });
  },
  write() {
    go('/leader/pages/edit/edit');
  },
});
