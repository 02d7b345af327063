// Bytes and texts: UTF-8, base64url, hex, and a comparison whose time does not tell where two differ.

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The UTF-8 bytes of a text; a lone half of a pair becomes the replacement character, as everywhere. */
function utf8(text) {
  const bytes = [];
  for (const letter of text) {
    let point = letter.codePointAt(0);
    if (point >= 0xd800 && point <= 0xdfff) point = 0xfffd;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), tail(point));
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), tail(point >> 6), tail(point));
    else bytes.push(0xf0 | (point >> 18), tail(point >> 12), tail(point >> 6), tail(point));
  }
  return Uint8Array.from(bytes);
}

function tail(bits) {
  return 0x80 | (bits & 0x3f);
}

/** base64url without padding. */
function toBase64url(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const word = (bytes[at] << 16) | ((bytes[at + 1] || 0) << 8) | (bytes[at + 2] || 0);
    text += ALPHABET[word >> 18] + ALPHABET[(word >> 12) & 63];
    if (left > 1) text += ALPHABET[(word >> 6) & 63];
    if (left > 2) text += ALPHABET[word & 63];
  }
  return text;
}

/** The bytes of a base64url text, padded or not; null for anything that no encoder writes. */
function fromBase64url(text) {
  const letters = text.replace(/=+$/, '');
  if (letters.length % 4 === 1 || /[^A-Za-z0-9_-]/.test(letters)) return null;
  const bytes = new Uint8Array(Math.floor((letters.length * 3) / 4));
  let word = 0;
  let bits = 0;
  let at = 0;
  for (const letter of letters) {
    word = ((word << 6) | ALPHABET.indexOf(letter)) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (word >> bits) & 0xff;
    }
  }
  return word & ((1 << bits) - 1) ? null : bytes;
}

/** Lower-case hex. */
function toHex(bytes) {
  return Array.from(bytes, (byte) => (byte < 16 ? '0' : '') + byte.toString(16)).join('');
}

/** Whether two texts are the same, in a time that depends on their lengths only. */
function same(one, other) {
  let different = one.length ^ other.length;
  for (let at = 0; at < one.length; at++) different |= one.charCodeAt(at) ^ other.charCodeAt(at % (other.length || 1));
  return different === 0;
}

module.exports = { utf8, toBase64url, fromBase64url, toHex, same };
