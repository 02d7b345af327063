// Idempotency keys: one per intention. A POST whose answer was lost keeps its key until an answer came.
const AGE_MS = 10 * 60 * 1000;
const unanswered = new Map();

function fresh() {
  let text = Date.now().toString(36) + '-';
  while (text.length < 32) text += Math.random().toString(36).slice(2);
  return text.slice(0, 32);
}

/** The key for this path and body: that of the same request if its answer is still unknown, else a new one. */
function keyFor(path, body, nowMs) {
  const name = path + ' ' + JSON.stringify(body === undefined ? null : body);
  const old = unanswered.get(name);
  const now = nowMs === undefined ? Date.now() : nowMs;
  if (old && now - old.at < AGE_MS) return { name, key: old.key };
  const key = fresh();
  unanswered.set(name, { key, at: now });
  return { name, key };
}

/** An answer came: the same request from now on is a new intention. */
function answered(name) {
  unanswered.delete(name);
}

module.exports = { fresh, keyFor, answered };
