// The first opening: what is kept of a person is told and asked about before anything else; who says no may look around.
const consent = require('../../lib/consent.js');
const { go } = require('../../lib/go.js');
const { once } = require('../../lib/once.js');
const { tellProblem } = require('../../lib/page.js');

Component({
  data: { papers: [], show: false, busy: false },
  lifetimes: {
    attached() { this.look(); },
  },
  pageLifetimes: {
    show() { if (this.data.show) this.lookAgain(); },
  },
  methods: {
    async look() {
      const papers = await consent.due();
      if (papers.length) this.setData({ papers, show: true });
    },

    /** Back from the texts, which can be agreed to where they stand. */
    async lookAgain() {
      const papers = await consent.missing().catch(() => this.data.papers);
      this.setData({ papers, show: papers.length > 0 });
    },

    agree: once(async function agree() {
      this.setData({ busy: true });
      try {
        await consent.agree(this.data.papers);
        this.setData({ show: false });
      } catch (problem) {
        await tellProblem(problem);
      }
      this.setData({ busy: false });
    }),

    decline() { this.setData({ show: false }); },

    read() { go('/pages/agreement/agreement'); },
  },
});
