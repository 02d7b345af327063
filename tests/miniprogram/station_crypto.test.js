// The desk's own SHA-256, HMAC, base64url and ticket, against node's, published vectors and the server's own.
const assert = require('node:assert');
const crypto = require('node:crypto');
const test = require('node:test');
const LIB = '../../miniprogram/station/lib/';
const { sha256, hmac } = require(LIB + 'sha256.js');
const bytes = require(LIB + 'bytes.js');
const ticket = require(LIB + 'ticket.js');
const vectors = require('../vectors/pickup_qr.json');

const text = (letters) => Uint8Array.from(Buffer.from(letters, 'latin1'));
const repeated = (byte, count) => new Uint8Array(count).fill(byte);
const counting = (count) => Uint8Array.from({ length: count }, (_, at) => at + 1);

// FIPS 180-4 examples, and the message of a million letters of NIST's example values
const HASHED = [
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ['abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1'],
  ['a'.repeat(1000000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
];

// RFC 4231, section 4: key, data, the first 32 hex digits or all of HMAC-SHA-256
const AUTHENTICATED = [
  [repeated(0x0b, 20), text('Hi There'), 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
  [text('Jefe'), text('what do ya want for nothing?'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
  [repeated(0xaa, 20), repeated(0xdd, 50), '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe'],
  [counting(25), repeated(0xcd, 50), '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b'],
  [repeated(0x0c, 20), text('Test With Truncation'), 'a3b6167473100ee06e0c796c2955552b'],
  [repeated(0xaa, 131), text('Test Using Larger Than Block-Size Key - Hash Key First'),
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54'],
  [repeated(0xaa, 131), text('This is a test using a larger than block-size key and a larger than block-size data. '
    + 'The key needs to be hashed before being used by the HMAC algorithm.'),
  '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2'],
];

test('SHA-256 gives the published values', () => {
  HASHED.forEach(([message, digest]) => assert.strictEqual(bytes.toHex(sha256(text(message))), digest));
});

test('HMAC-SHA-256 gives the values of RFC 4231', () => {
  AUTHENTICATED.forEach(([key, data, mac]) => assert.ok(bytes.toHex(hmac(key, data)).startsWith(mac)));
});

test('both agree with node at every length around the blocks', () => {
  for (let length = 0; length < 260; length++) {
    const message = crypto.randomBytes(length);
    const key = crypto.randomBytes((length * 7) % 150);
    assert.strictEqual(bytes.toHex(sha256(message)), crypto.createHash('sha256').update(message).digest('hex'));
    assert.strictEqual(bytes.toHex(hmac(key, message)), crypto.createHmac('sha256', key).update(message).digest('hex'));
  }
});

test('base64url goes there and back, and reads nothing that no encoder writes', () => {
  for (let length = 0; length < 70; length++) {
    const raw = crypto.randomBytes(length);
    assert.strictEqual(bytes.toBase64url(raw), raw.toString('base64url'));
    assert.deepStrictEqual(Buffer.from(bytes.fromBase64url(raw.toString('base64url'))), raw);
  }
  ['A', 'AB+/', 'AB', 'A B=', '二维'].forEach((broken) => assert.strictEqual(bytes.fromBase64url(broken), null));
});

test('UTF-8 is as node writes it', () => {
  const mixed = 'a£€提货码😀\ud800';
  assert.deepStrictEqual(Buffer.from(bytes.utf8(mixed)), Buffer.from(mixed));
});

test('two texts are the same only when they are', () => {
  assert.ok(bytes.same('', '') && bytes.same('SNYut1', 'SNYut1'));
  [['a', ''], ['', 'a'], ['ab', 'abab'], ['abc', 'abd'], ['abc', 'bbc']].forEach(([one, other]) => {
    assert.ok(!bytes.same(one, other), `${one} ${other}`);
  });
});

const lease = { point: vectors.point_id, day: vectors.day, key: vectors.key };

test('the ticket of the server opens its code', () => {
  assert.deepStrictEqual(ticket.check(vectors.ticket.text, lease), { codeId: vectors.code_id });
  assert.strictEqual(ticket.macOf(bytes.fromBase64url(vectors.key), vectors.ticket.signed), vectors.ticket.mac);
});

vectors.refused.forEach(({ why, text: scanned }) => {
  test(`a ticket is refused: ${why}`, () => {
    assert.ok(ticket.check(scanned, lease).problem);
  });
});

test('a ticket of another point or day is told apart from a forged one', () => {
  assert.strictEqual(ticket.check(vectors.ticket.text, { ...lease, point: 'pnt_other' }).problem, 'elsewhere');
  assert.strictEqual(ticket.check(vectors.ticket.text, { ...lease, day: '20261123' }).problem, 'other_day');
  assert.strictEqual(ticket.check(vectors.refused[0].text, lease).problem, 'forged');
  assert.strictEqual(ticket.check('https://example.com', lease).problem, 'foreign');
  assert.strictEqual(ticket.check('LTP1.abc-DEF', lease).problem, 'pass');
});

test('codes and phone tails hash as the server hashes them', () => {
  vectors.codes.forEach(({ code, code_hash: hash }) => assert.strictEqual(ticket.codeMac(lease, code), hash));
  vectors.tails.forEach(({ tail, tail_hash: hash }) => assert.strictEqual(ticket.tailMac(lease, tail), hash));
});
