// The pickup QR checked at the desk without the network: `LT2.<code>.<point>.<yyyymmdd>.<MAC>`, under the lease's key.

const { hmac } = require('./sha256.js');
const { fromBase64url, same, toBase64url, utf8 } = require('./bytes.js');

const VERSION = 'LT2';
const PASS = 'LTP';
const MAC_BYTES = 16;

/** The parts of a scanned text, nothing checked yet; null when it is no pickup QR. */
function parts(text) {
  const [version, codeId, pointId, day, mac, ...more] = text.trim().split('.');
  if (version !== VERSION || !codeId || !pointId || !/^[0-9]{8}$/.test(day || '') || !mac || more.length) return null;
  return { codeId, pointId, day, mac, signed: [version, codeId, pointId, day].join('.') };
}

/** The 22 characters that the holder of `key` (bytes) writes under `signed`. */
function macOf(key, signed) {
  return toBase64url(hmac(key, utf8(signed)).subarray(0, MAC_BYTES));
}

/**
 * Whether a scanned text is a ticket for the lease's point and day: `{codeId}`, or `{problem}`, one of
 * foreign (no pickup QR), pass (somebody else fetches: only the server knows whether it was used), elsewhere (another
 * point), other_day (its key is not here), forged (the MAC is wrong).
 */
function check(text, lease) {
  const ticket = parts(text);
  if (text.startsWith(PASS)) return { problem: 'pass' };
  if (!ticket) return { problem: 'foreign' };
  if (ticket.pointId !== lease.point) return { problem: 'elsewhere' };
  if (ticket.day !== lease.day) return { problem: 'other_day' };
  const key = fromBase64url(lease.key);
  if (!key || !same(macOf(key, ticket.signed), ticket.mac)) return { problem: 'forged' };
  return { codeId: ticket.codeId };
}

/** By what the lease knows the eight digits of a code without holding them. */
function codeMac(lease, code) {
  return macOf(fromBase64url(lease.key), `${VERSION}.code.${code}`);
}

/** By what the lease knows the last four digits of a phone without holding them. */
function tailMac(lease, tail) {
  return macOf(fromBase64url(lease.key), `${VERSION}.tail.${tail}`);
}

module.exports = { check, codeMac, macOf, parts, tailMac };
