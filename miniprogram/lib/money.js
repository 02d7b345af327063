// Sums of integer fen as people write them.

/** "¥12.80"; negative sums carry the sign in front. */
function yuan(fen) {
  const whole = Math.trunc(Number(fen) || 0);
  const positive = Math.abs(whole);
  const cents = String(positive % 100).padStart(2, '0');
  return (whole < 0 ? '-¥' : '¥') + Math.floor(positive / 100) + '.' + cents;
}

/** Fen of what somebody typed ("12.8", "￥12"), or null where it is no sum. */
function fenOf(text) {
  const typed = String(text).trim().replace(/^[¥￥]/, '');
  const found = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(typed);
  if (!found) return null;
  return Number(found[1]) * 100 + Number((found[2] || '').padEnd(2, '0'));
}

module.exports = { yuan, fenOf };
