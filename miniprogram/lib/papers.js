// Papers of a leader's campaign or of a desk: as a workbook on this phone, or as a link for the computer that prints.
// Short ones are there at once, long ones are made in the background with their progress.
const api = require('./api.js');

const ASK_MS = 1500;
const FAILED = { status: 0, code: 'failed', message: '没有做好，请再试一次。', errors: null, facts: {} };

function later(milliseconds) {
  return new Promise((resolve) => { setTimeout(resolve, milliseconds); });
}

/** What is asked for: `campaign` is the id of a leader's campaign, '' for the papers of the desk. */
function about(campaign) {
  return campaign
    ? { door: '/api/leader', papers: `/api/leader/campaigns/${campaign}/papers`, of: { campaign_id: campaign } }
    : { door: '/api/station', papers: '/api/station/papers', of: {} };
}

/** The id of an export that is ready; `progress(percent)` is told how far it has come, `stopped()` ends the asking. */
async function made(door, body, progress, stopped) {
  let one = await api.post(`${door}/exports`, body);
  while (one.state === 'waiting' || one.state === 'making') {
    progress(one.progress);
    await later(ASK_MS);
    if (stopped()) return '';
    one = await api.get(`${door}/exports/${one.id}`);
  }
  if (one.state !== 'ready') throw FAILED;
  return one.id;
}

function tooLong(problem) {
  if (problem.code !== 'paper_too_long') throw problem;
}

/** The local path of a paper as a workbook, or '' when nobody waits for it any more. */
async function book(campaign, kind, progress, stopped) {
  const { door, papers, of } = about(campaign);
  try {
    return await api.download(`${papers}/${kind}.xlsx`);
  } catch (problem) {
    tooLong(problem);
  }
  const id = await made(door, Object.assign({ kind, format: 'xlsx' }, of), progress, stopped);
  return id && api.download(`${door}/exports/${id}/file`);
}

/** {url, expires_at} of a page to be printed from, which opens once; null when nobody waits for it any more. */
async function link(campaign, kind, progress, stopped) {
  const { door, of } = about(campaign);
  try {
    return await api.post(`${door}/paper-links`, Object.assign({ kind }, of));
  } catch (problem) {
    tooLong(problem);
  }
  const id = await made(door, Object.assign({ kind, format: 'html' }, of), progress, stopped);
  return id ? api.post(`${door}/paper-links`, { export_id: id }) : null;
}

module.exports = { book, link };
