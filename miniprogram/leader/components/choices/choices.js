// Chooses one of my campaigns; where there is only one, nobody is asked.
const { loading } = require('../../../lib/page.js');
const time = require('../../../lib/time.js');
const { inStates } = require('../../lib/choosing.js');
const { CAMPAIGN } = require('../../../lib/words.js');

Component({
  properties: { states: Array, empty: { type: String, value: '现在没有这样的团' } },
  data: { status: 'loading', problem: '', items: [] },
  lifetimes: {
    attached() {
      this.load();
    },
  },
  methods: {
    async load() {
      const found = await loading(this, inStates(this.data.states), (page) => ({
        items: page.items.map((one) => ({
          id: one.id, title: one.title, note: `${time.when(one.closes_at)} 截团 · ${one.participant_count} 人`,
          state: CAMPAIGN[one.state],
        })),
      }));
      if (found && found.items.length === 1) this.triggerEvent('chosen', { id: found.items[0].id });
    },
    choose(event) {
      this.triggerEvent('chosen', { id: event.currentTarget.dataset.id });
    },
  },
});
