// The papers of this desk: everything that waits here or is still to come, of all campaigns.
const { keptDesk } = require('../../../lib/session.js');

Page({
  data: { status: 'loading', problem: '', point: '' },

  onShow() {
    const kept = keptDesk();
    this.setData(kept ? { status: 'ready', point: kept.desk.point } : { status: 'empty' });
  },
});
