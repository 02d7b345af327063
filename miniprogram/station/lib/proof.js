// What somebody typed or scanned at the desk, read as the proof that it is: a QR, a code, a number, a phone tail.

const CODE_DIGITS = 8;
const TAIL_DIGITS = 4;
const MOST_NUMBER_DIGITS = 7;

/** The Luhn digit of a string of digits, as the server reckons it. */
function checkDigit(body) {
  let total = 0;
  for (let place = 0; place < body.length; place++) {
    const value = Number(body[body.length - 1 - place]) * (place % 2 === 0 ? 2 : 1);
    total += value > 9 ? value - 9 : value;
  }
  return String((10 - (total % 10)) % 10);
}

/** Whether these are the eight digits of a pickup code, the last of which checks. */
function isCode(text) {
  return /^[0-9]{8}$/.test(text) && checkDigit(text.slice(0, -1)) === text[CODE_DIGITS - 1];
}

/** Full-width digits and signs as narrow ones, no blanks at the ends. */
function narrowed(text) {
  const signs = text.replace(/[！-～]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));
  return signs.replace(/\u3000/g, ' ').trim();
}

/**
 * The body of a search for what the field holds, or `{problem}` in words for people:
 * {qr}, {code}, {roster_number, phone_tail}, {roster_number}, {phone_tail}, {payment_id}.
 */
function read(text) {
  const typed = narrowed(text);
  if (/^LTP?[0-9]+\./.test(typed)) return { qr: typed };
  if (/^pay_[0-9a-z]+$/.test(typed)) return { payment_id: typed };
  const digits = typed.replace(/[\s-]/g, '');
  if (isCode(digits)) return { code: digits };
  const both = /^#?([0-9]{1,7})[\s#,，/-]+([0-9]{4})$/.exec(typed);
  if (both) return { roster_number: Number(both[1]), phone_tail: both[2] };
  if (!typed) return { problem: '请扫码，或输入取货码、接龙号、手机尾号。' };
  if (/^#[0-9]{1,7}$/.test(typed)) return { roster_number: Number(typed.slice(1)) };
  if (!/^[0-9]+$/.test(digits)) return { problem: '这里只认取货码、接龙号和手机尾号，都是数字。' };
  if (digits.length === CODE_DIGITS) return { problem: '取货码有一位输错了，请核对这 8 位数字。' };
  if (digits.length === TAIL_DIGITS) return { phone_tail: digits };
  if (digits.length <= MOST_NUMBER_DIGITS) return { roster_number: Number(digits) };
  return { problem: '位数不对：取货码 8 位，手机尾号 4 位。' };
}

module.exports = { read, isCode, checkDigit };
