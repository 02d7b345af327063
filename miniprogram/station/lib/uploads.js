// Brings the notes of the book to the server, in order, each exactly once, as often as the network lets it try.

const AT_ONCE = 20;
const STATES = { done: 'done', again: 'done', conflict: 'conflict', refused: 'refused' };

/**
 * Uploads over a `book`, by `api.post(path, body, {key})`.
 *
 * `run()` resolves to {sent, left, trouble}: how many notes were settled, how many still wait, and the rejection that
 * stopped it, if one did. A second run while one is under way is the same run.
 */
function makeUploads(book, api) {
  let running = null;

  function run() {
    if (!running) {
      running = upload().then(forget, forget);
    }
    return running;
  }

  function forget(result) {
    running = null;
    return result;
  }

  async function upload() {
    let sent = 0;
    for (;;) {
      const waiting = book.waiting();
      if (!waiting.length) return { sent, left: 0, trouble: null };
      try {
        if (waiting[0].asked) {
          sent += await askAgain(waiting[0]);
          continue;
        }
        const settled = await next(waiting);
        if (!settled) return { sent, left: waiting.length, trouble: null };
        sent += settled;
      } catch (trouble) {
        return { sent, left: book.waiting().length, trouble };
      }
    }
  }

  /** A hand-over whose answer was lost while online: the same request with the same key tells what became of it. */
  async function askAgain(note) {
    try {
      const answer = await api.post(note.asked.path, note.asked.body, { key: note.asked.key });
      const refused = (answer.items || []).some((one) => one.order_id === note.orderId && one.result === 'refused');
      book.settle({ [note.clientId]: refused ? { asked: null } : { state: 'done', asked: null } });
      return refused ? 0 : 1;
    } catch (trouble) {
      if (!isRefusal(trouble)) throw trouble;
      book.settle({ [note.clientId]: { asked: null } });
      return 0;
    }
  }

  /** The next notes of one lease in one request; a note that the answer leaves out goes on waiting. */
  async function next(waiting) {
    const leaseId = waiting[0].leaseId;
    const last = waiting.findIndex((note) => note.leaseId !== leaseId || note.asked);
    const batch = waiting.slice(0, Math.min(AT_ONCE, last < 0 ? waiting.length : last));
    book.settle(Object.fromEntries(batch.map((note) => [note.clientId, { sent: true }])));
    const answer = await api.post('/api/station/lease/uploads', { lease_id: leaseId, items: batch.map(item) });
    const results = {};
    answer.items.forEach((one) => {
      const state = STATES[one.result];
      if (state) results[one.client_id] = { state, detail: one.detail || '' };
    });
    book.settle(results);
    return Object.keys(results).length;
  }

  return { run };
}

/** What the server reads of a note. */
function item(note) {
  return {
    client_id: note.clientId,
    order_id: note.orderId,
    lines: note.lines.map((line) => ({ line_id: line.line_id, units: line.units })),
    token: note.token,
    at: note.at,
  };
}

function isRefusal(trouble) {
  return trouble.status >= 400 && trouble.status < 500 && trouble.status !== 401 && trouble.status !== 429;
}

module.exports = { makeUploads };
