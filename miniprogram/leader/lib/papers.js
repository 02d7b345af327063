// Papers of a campaign as files: short ones at once, long ones in the background with their progress.
const api = require('../../lib/api.js');

const PAPERS = [
  { kind: 'pick-list', title: '备货单', note: '按商品汇总，给仓库或供货商' },
  { kind: 'points', title: '分点单', note: '每个自提点要多少' },
  { kind: 'slips', title: '提货单', note: '一人一张' },
  { kind: 'labels', title: '袋子标签', note: '按楼栋、房号排好' },
  { kind: 'roster', title: '接龙名单', note: '按楼栋、房号排好，手机号打码' },
];
const ASK_MS = 1500;

function later(milliseconds) {
  return new Promise((resolve) => { setTimeout(resolve, milliseconds); });
}

/** The local path of an export that is made in the background; `progress(percent)` is told how far it has come. */
async function exported(campaignId, kind, progress) {
  let made = await api.post('/api/leader/exports', { campaign_id: campaignId, kind, format: 'xlsx' });
  while (made.state === 'waiting' || made.state === 'making') {
    progress(made.progress);
    await later(ASK_MS);
    made = await api.get(`/api/leader/exports/${made.id}`);
  }
  if (made.state !== 'ready') throw { status: 0, code: 'failed', message: '没有做好，请再试一次。', errors: null, facts: {} };
  return api.download(`/api/leader/exports/${made.id}/file`);
}

/** The local path of a paper as a workbook. */
async function paper(campaignId, kind, progress) {
  try {
    return await api.download(`/api/leader/campaigns/${campaignId}/papers/${kind}.xlsx`);
  } catch (problem) {
    if (problem.status !== 409 && problem.status !== 422) throw problem;
    return exported(campaignId, kind, progress);
  }
}

module.exports = { PAPERS, paper };
