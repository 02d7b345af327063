// What is typed or scanned at the desk is read as the proof that it is, or refused without asking the server.
const assert = require('node:assert');
const test = require('node:test');
const LIB = '../../miniprogram/station/lib/';
const { read } = require(LIB + 'proof.js');
const vectors = require('../vectors/pickup_qr.json');

const READ = [
  ['a scanned QR', ` ${vectors.ticket.text}\n`, { qr: vectors.ticket.text }],
  ['a pass of somebody who fetches for another', 'LTP1.abc-DEF', { qr: 'LTP1.abc-DEF' }],
  ['a code', '12345674', { code: '12345674' }],
  ['a code as it is shown, in two halves', '1234 5674', { code: '12345674' }],
  ['a code of full-width digits', '１２３４５６７４', { code: '12345674' }],
  ['a roster number', '12', { roster_number: 12 }],
  ['a roster number of four digits, marked', '#1024', { roster_number: 1024 }],
  ['a phone tail', '0007', { phone_tail: '0007' }],
  ['a roster number with a phone tail', '12 8888', { roster_number: 12, phone_tail: '8888' }],
  ["a payment's number", 'pay_01m7c3v9w0', { payment_id: 'pay_01m7c3v9w0' }],
];

READ.forEach(([what, typed, proof]) => {
  test(`it reads ${what}`, () => assert.deepStrictEqual(read(typed), proof));
});

[['nothing', ' '], ['a code with one wrong digit', '12345675'], ['words', '王先生'], ['too many digits', '123456789']]
  .forEach(([what, typed]) => {
    test(`it refuses ${what} in words`, () => assert.match(read(typed).problem, /[一-龥]/));
  });
