// The count that moves while one looks: server-sent events where requests can be chunked, polite polling elsewhere.
const { baseUrl } = require('./config.js');
const { get, OPEN } = require('./api.js');
const { reader } = require('./events.js');

const POLL_MS = 8000;
const AGAIN_MS = 2000;
const TRIES = 3;

/**
 * Calls `show` with {id, state, revision, participant_count, counted_units, progress} for each newer revision of a
 * campaign, never for an older one. Returns the function that ends it.
 */
function watch(campaignId, show) {
  const path = '/api/resident/campaigns/' + campaignId;
  let revision = -1;
  let ended = false;
  let timer = null;
  let task = null;
  let failures = 0;

  function take(seen) {
    if (ended || !seen || !(seen.revision > revision)) return;
    revision = seen.revision;
    show(seen);
  }

  function later(next, milliseconds) {
    if (!ended) timer = setTimeout(next, milliseconds);
  }

  function poll() {
    const next = () => later(poll, POLL_MS + Math.random() * 2000);
    get(path, null, OPEN).then(take, () => undefined).then(next);
  }

  function listen() {
    let heard = false;
    const read = reader((data) => { heard = true; take(JSON.parse(data)); });
    const over = () => {
      if (ended) return;
      failures = heard ? 0 : failures + 1;
      if (failures < TRIES) later(listen, AGAIN_MS);
      else poll();
    };
    task = wx.request({
      url: baseUrl + path + '/live', enableChunked: true, timeout: 600000, responseType: 'arraybuffer',
      header: { Accept: 'text/event-stream' }, success: over, fail: over,
    });
    if (task && task.onChunkReceived) {
      task.onChunkReceived((chunk) => read(chunk.data));
    } else {
      failures = TRIES;
      if (task && task.abort) task.abort();
    }
  }

  listen();
  return function stop() {
    ended = true;
    clearTimeout(timer);
    if (task && task.abort) task.abort();
  };
}

module.exports = { watch };
