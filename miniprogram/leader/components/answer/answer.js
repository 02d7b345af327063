// The leader's answer to a claim: all of it, less with words, or no with words; what follows is said beside each.
const api = require('../../../lib/api.js');
const { once } = require('../../../lib/once.js');
const { fenOf } = require('../../../lib/money.js');
const { tell } = require('../../../lib/page.js');
const { fieldErrors } = require('../../lib/problems.js');

const BEARERS = ['supplier', 'leader'];
const BEARER_WORDS = ['供货商承担（最多到进货价）', '我承担（从佣金里扣）'];

Component({
  options: { addGlobalClass: true },
  properties: { claim: Object },
  data: {
    way: 'accept', bearers: BEARER_WORDS, bearer: 0, amount: '', words: '', busy: false, problem: '', errors: {},
  },
  observers: {
    claim(claim) {
      if (claim) this.setData({ way: 'accept', bearer: 0, amount: '', words: '', problem: '', errors: {} });
    },
  },
  methods: {
    choose(event) {
      this.setData({ way: event.currentTarget.dataset.way, problem: '', errors: {} });
    },
    chooseBearer(event) {
      this.setData({ bearer: Number(event.detail.value) });
    },
    write(event) {
      this.setData({ [event.currentTarget.dataset.field]: event.detail.value, errors: {} });
    },
    leave() {
      this.triggerEvent('close');
    },
    body() {
      const { way, bearer, amount, words } = this.data;
      const said = words.trim();
      const errors = {};
      if (way === 'reject') {
        if (!said) errors.words = '请写给买家看的话';
        return { body: { words: said }, errors };
      }
      const body = { borne_by: BEARERS[bearer] };
      if (way === 'offer') {
        const fen = fenOf(amount);
        if (!fen || fen >= this.data.claim.asked_fen) errors.amount_fen = `写一个比 ${this.data.claim.money} 少的金额`;
        Object.assign(body, { amount_fen: fen, words: said });
      }
      return { body, errors };
    },
    send: once(async function () {
      const { body, errors } = this.body();
      this.setData({ errors, problem: '' });
      if (Object.keys(errors).length) return;
      this.setData({ busy: true });
      try {
        await api.post(`/api/leader/claims/${this.data.claim.id}/${this.data.way}`, body);
        tell('已答复买家');
        this.triggerEvent('answered');
      } catch (problem) {
        this.setData({ errors: fieldErrors(problem), problem: problem.message });
      } finally {
        this.setData({ busy: false });
      }
    }),
  },
});
