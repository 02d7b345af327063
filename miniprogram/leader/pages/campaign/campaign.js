// One campaign of mine: its live counters and money, what may be done with it now, and the ways to its lists.
const api = require('../../../lib/api.js');
const { go } = require('../../../lib/go.js');
const { loading, ask, tellProblem } = require('../../../lib/page.js');
const { once } = require('../../../lib/once.js');
const { yuan } = require('../../../lib/money.js');
const { watch } = require('../../../lib/live.js');
const { copy } = require('../../../lib/permitted.js');
const share = require('../../../lib/share.js');
const time = require('../../../lib/time.js');
const { CAMPAIGN, CAMPAIGN_KIND, CLOSE_REASON, ORDER, marked } = require('../../../lib/words.js');
const { movesOf, mayExtend, mayRewrite, mayRepeat } = require('../../lib/moves.js');
const { fieldErrors } = require('../../lib/problems.js');

function timeline({ campaign, kept_reason: kept, reason_check: check }) {
  const told = [
    [`${time.when(campaign.opens_at)} 开团`, campaign.state !== 'draft'],
    [`${time.when(campaign.closes_at)} 截团`, !campaign.closed_at],
    [`${time.when(campaign.closed_at)} ${CLOSE_REASON[campaign.close_reason] || '截团'}`, campaign.closed_at],
    [`${time.when(campaign.extended_at)} 延长过一次`, campaign.extended_at],
    [`取消原因：${marked(kept || campaign.cancel_reason, check)}`, kept || campaign.cancel_reason || check],
  ];
  return told.filter((row) => row[1]).map((row) => row[0]);
}

function offerRow(offer, index) {
  const room = offer.quota === null ? '不限量' : `共 ${offer.quota}，还剩 ${offer.free}`;
  return {
    id: offer.id, index, name: offer.name, quota: offer.quota,
    value: `${offer.sold_units} ${offer.unit}`,
    note: [
      yuan(offer.pricing.unit_fen), room, offer.held_units && `待付款 ${offer.held_units}`, offer.pricing.text,
    ].filter(Boolean).join(' · '),
  };
}

function shape(answer) {
  const campaign = answer.campaign;
  return {
    campaign, state: CAMPAIGN[campaign.state], kind: CAMPAIGN_KIND[campaign.state] || 'plain',
    people: campaign.participant_count, units: campaign.counted_units,
    text: campaign.progress.minimum ? campaign.progress.text : '',
    money: yuan(campaign.counted_fen),
    unpaid: answer.unpaid_orders ? `${answer.unpaid_orders} 单，${yuan(answer.unpaid_fen)}` : '',
    orders: Object.entries(answer.orders_by_state).map(([state, count]) => `${ORDER[state]} ${count} 单`).join(' · '),
    timeline: timeline(answer), offers: campaign.offers.map(offerRow), moves: movesOf(campaign, time.serverNow()),
    extendable: mayExtend(campaign), rewritable: mayRewrite(campaign), repeatable: mayRepeat(campaign),
    goods: ['formed', 'fulfilling', 'completed'].includes(campaign.state),
    growable: ['draft', 'scheduled', 'open', 'paused'].includes(campaign.state),
    bindable: !['failed', 'completed', 'cancelled'].includes(campaign.state), shown: campaign.state !== 'draft',
  };
}

Page({
  data: {
    status: 'loading', problem: '', campaign: null, opened: false, again: null, move: null, busy: false, refused: '',
    extending: false, growing: null, quota: '', moves: [], offers: [], growable: false,
  },
  id: '',
  ticket: null,
  stop: null,
  onLoad(query) {
    this.id = query.id;
    this.setData({ opened: query.opened === '1' });
  },
  onShow() {
    this.load();
  },
  onHide() {
    this.deafen();
  },
  onUnload() {
    this.deafen();
  },
  onPullDownRefresh() {
    this.load();
  },
  onShareAppMessage() {
    return share.card(this.ticket, this.id, this.data.campaign ? this.data.campaign.title : '');
  },
  async load() {
    const answer = await loading(this, api.get(`/api/leader/campaigns/${this.id}`), shape);
    if (!answer) return;
    this.listen(answer.campaign);
    if (['scheduled', 'open', 'paused'].includes(answer.campaign.state)) share.prepareQuietly(this, this.id);
  },
  listen(campaign) {
    this.deafen();
    if (campaign.state !== 'open') return;
    let known = campaign.revision;
    this.stop = watch(this.id, (seen) => {
      if (seen.revision <= known) return;
      known = seen.revision;
      this.setData({ people: seen.participant_count, units: seen.counted_units });
      this.loadSoon();
    });
  },
  /** The money and the offers behind a live count, at most once in two seconds. */
  loadSoon() {
    if (this.soon) return;
    this.soon = setTimeout(() => {
      this.soon = null;
      api.get(`/api/leader/campaigns/${this.id}`).then((answer) => this.setData(shape(answer)), () => undefined);
    }, 2000);
  },
  soon: null,
  deafen() {
    clearTimeout(this.soon);
    this.soon = null;
    if (this.stop) this.stop();
    this.stop = null;
  },
  follow(event) {
    go(`/leader/pages/${event.currentTarget.dataset.to}?id=${this.id}`);
  },
  asResident() {
    go(`/pages/campaign/campaign?id=${this.id}`);
  },
  askMove(event) {
    this.setData({ move: this.data.moves[event.currentTarget.dataset.index], refused: '' });
  },
  leaveMove() {
    this.setData({ move: null });
  },
  doMove: once(async function (event) {
    const { name, reason } = this.data.move;
    const done = await this.act(name, reason ? { reason: event.detail.words } : undefined);
    if (done) this.setData({ move: null, opened: name === 'open' });
  }),
  /** Does it, shows the campaign as it stands then; false when it was refused, with the reason on the open sheet. */
  async act(name, body) {
    this.setData({ busy: true, refused: '' });
    try {
      const answer = await api.post(`/api/leader/campaigns/${this.id}/${name}`, body);
      if (answer.campaign) this.setData(shape(answer));
      await this.load();
      return true;
    } catch (problem) {
      this.setData({ refused: Object.values(fieldErrors(problem))[0] || problem.message });
      return false;
    } finally {
      this.setData({ busy: false });
    }
  },
  askExtend() {
    this.setData({ extending: true, refused: '' });
  },
  leaveExtend() {
    this.setData({ extending: false });
  },
  extend: once(async function (event) {
    if (await this.act('extend', { closes_at: event.detail.closesAt })) this.setData({ extending: false });
  }),
  askQuota(event) {
    const offer = this.data.offers[event.currentTarget.dataset.index];
    if (this.data.growable && offer.quota !== null) this.setData({ growing: offer, quota: '', refused: '' });
  },
  leaveQuota() {
    this.setData({ growing: null });
  },
  writeQuota(event) {
    this.setData({ quota: event.detail.value, refused: '' });
  },
  grow: once(async function () {
    const quota = Number(this.data.quota) || 0;
    if (await this.act(`offers/${this.data.growing.id}/quota`, { quota })) this.setData({ growing: null });
  }),
  repeat() {
    this.setData({ again: this.data.campaign });
  },
  leaveAgain() {
    this.setData({ again: null });
  },
  bind: once(async function () {
    try {
      const code = await api.post(`/api/leader/campaigns/${this.id}/chat-codes`);
      const until = time.when(code.expires_at);
      const how = `在群里 @机器人 发「绑定本群 ${code.code}」，群里就能看到这个团。${until}前有效，只能用一次。`;
      const wanted = await ask('绑定群聊', how, { yes: '复制这句', no: '知道了' });
      if (wanted) await copy(`绑定本群 ${code.code}`);
    } catch (problem) {
      tellProblem(problem);
    }
  }),
});
