// The server's API. Every call gives a Promise of the decoded answer, or rejects with
// {status, code, message, errors, facts}; `message` is Chinese and may be shown as it is.
const { fetchFile, refusal, send, sendFile } = require('./network.js');
const { answered, fresh, keyFor } = require('./keys.js');
const session = require('./session.js');

const OPEN = { anyone: true };

function withQuery(path, query) {
  const parts = Object.keys(query || {})
    .filter((name) => query[name] !== undefined && query[name] !== null && query[name] !== '')
    .map((name) => encodeURIComponent(name) + '=' + encodeURIComponent(query[name]));
  return parts.length ? path + (path.includes('?') ? '&' : '?') + parts.join('&') : path;
}

function isDesk(path) {
  return path.startsWith('/api/station/') && !/^\/api\/station\/(login|join)$/.test(path);
}

async function tokenFor(path) {
  if (!isDesk(path)) return session.residentToken();
  const kept = session.keptDesk();
  if (!kept) throw { status: 401, code: 'no_desk', message: '请先选择自提点。', errors: null, facts: {} };
  return kept.token;
}

/** Enters a desk at which I work; without `pointId`, again the one of last time. */
async function stationLogin(pointId) {
  const kept = session.keptDesk();
  const point = pointId || (kept && kept.desk.point_id);
  if (!point) throw { status: 401, code: 'no_desk', message: '请先选择自提点。', errors: null, facts: {} };
  const body = { point_id: point, device: session.deviceName().trim().slice(0, 80) };
  return session.keepDesk(await call('POST', '/api/station/login', body));
}

/** Who was removed from the point hears just that, and not that what was looked for does not exist. */
function shutOut(problem) {
  if (problem.status !== 404) throw problem;
  throw Object.assign({}, problem, { message: '您已经不在这个自提点了；有疑问请问团长。' });
}

async function again(path, token) {
  if (isDesk(path)) await stationLogin().catch(shutOut);
  else session.forgetResident(token);
  return tokenFor(path);
}

/** Sends by `carry(headers)` with a token; once more with a new one after a 401. */
async function authorized(path, carry, options) {
  if (options && options.anyone) return carry({});
  let token = await tokenFor(path);
  let answer = await carry({ Authorization: 'Bearer ' + token });
  if (answer.status === 401) {
    token = await again(path, token);
    answer = await carry({ Authorization: 'Bearer ' + token });
  }
  return answer;
}

function result(answer) {
  if (answer.status >= 200 && answer.status < 300) return answer.body;
  throw refusal(answer.status, answer.body);
}

/**
 * The decoded answer, or a rejection.
 * @param {WechatMiniprogram.RequestOption['method']} method
 * @param {string} path
 * @param {any} [body]
 * @param {any} [options]
 */
async function call(method, path, body, options) {
  const headers = (options && options.headers) || {};
  const carry = (token) => send(method, path, body, Object.assign({}, headers, token));
  return result(await authorized(path, carry, options));
}

/** Reads; asked once more when the answer is lost. `anyone` spares the login where no token is needed. */
async function get(path, query, options) {
  const whole = withQuery(path, query);
  try {
    return await call('GET', whole, undefined, options);
  } catch (problem) {
    if (problem.status !== 0) throw problem;
    return call('GET', whole, undefined, options);
  }
}

/** Posts with an Idempotency-Key: `options.key`, or one that stays until an answer to this very request came. */
async function post(path, body, options) {
  const given = options && options.key;
  const kept = given ? { name: '', key: given } : keyFor(path, body);
  const headers = { 'Idempotency-Key': kept.key };
  try {
    const answer = await call('POST', path, body, Object.assign({}, options, { headers }));
    answered(kept.name);
    return answer;
  } catch (problem) {
    if (problem.status > 0 && problem.status < 500) answered(kept.name);
    throw problem;
  }
}

const put = (path, body) => call('PUT', path, body);
const del = (path) => call('DELETE', path);

/** Uploads a picture from a local path, e.g. of wx.chooseMedia. */
async function upload(path, filePath) {
  return result(await authorized(path, (token) => sendFile(path, filePath, token)));
}

/** The local path of a file that needs a login, e.g. a QR. */
async function download(path) {
  return result(await authorized(path, (token) => fetchFile(path, token)));
}

module.exports = { get, post, put, del, upload, download, stationLogin, newKey: fresh, OPEN };
