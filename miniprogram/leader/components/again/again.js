// Open an earlier campaign once more: its time is moved by whole weeks, everything else stays; one tap opens it.
const api = require('../../../lib/api.js');
const { go } = require('../../../lib/go.js');
const time = require('../../../lib/time.js');
const { once } = require('../../../lib/once.js');
const { parts, iso, weeksAhead } = require('../../lib/dates.js');
const { fieldErrors } = require('../../lib/problems.js');

Component({
  options: { addGlobalClass: true },
  properties: { campaign: Object },
  data: { date: '', clock: '', when: '', busy: '', problem: '', copy: null },
  observers: {
    campaign(campaign) {
      if (!campaign || !campaign.id) return;
      const closes = Date.parse(campaign.closes_at);
      const next = parts(closes + weeksAhead(campaign.closes_at, time.serverNow()));
      this.setData({ date: next.date, clock: next.time, problem: '' });
      this.tell();
    },
  },
  methods: {
    tell() {
      this.setData({ when: time.when(iso(this.data.date, this.data.clock)) });
    },
    setDate(event) {
      this.setData({ date: event.detail.value });
      this.tell();
    },
    setClock(event) {
      this.setData({ clock: event.detail.value });
      this.tell();
    },
    leave() {
      this.triggerEvent('close');
    },
    openNow: once(function () {
      return this.act('open', async (id) => {
        await api.post(`/api/leader/campaigns/${id}/open`);
        return `/leader/pages/campaign/campaign?id=${id}&opened=1`;
      });
    }),
    change: once(function () {
      return this.act('change', (id) => `/leader/pages/edit/edit?id=${id}`);
    }),
    /** Copies, does what `follow(id)` does, closes the sheet and goes where that says. */
    async act(busy, follow) {
      this.setData({ busy, problem: '' });
      try {
        const url = await follow(await this.copied());
        this.setData({ busy: '' });
        this.triggerEvent('close');
        go(url);
      } catch (problem) {
        this.setData({ busy: '', problem: Object.values(fieldErrors(problem))[0] || problem.message });
      }
    },
    /** The id of the copy; made once for the chosen time, however often its opening has to be tried. */
    async copied() {
      const { campaign, date, clock, copy } = this.data;
      const closesAt = iso(date, clock);
      if (copy && copy.of === campaign.id && copy.closesAt === closesAt) return copy.id;
      const made = await api.post(`/api/leader/campaigns/${campaign.id}/copy`, { closes_at: closesAt });
      this.setData({ copy: { of: campaign.id, closesAt, id: made.campaign.id } });
      return made.campaign.id;
    },
  },
});
