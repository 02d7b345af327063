// What a person types as a number or a rate, read without floating point, and what stands in a field.
const { fenOf } = require('../../lib/money.js');

/** "12.80" of 1280, "12" of 1200: fen as yuan, basis points as per cent. */
function typed(amount) {
  const rest = amount % 100;
  const whole = String((amount - rest) / 100);
  return rest ? `${whole}.${String(rest).padStart(2, '0')}` : whole;
}

/** A whole number; null when it is none. */
function whole(text) {
  return /^\d{1,7}$/.test(String(text).trim()) ? Number(String(text).trim()) : null;
}

/** Basis points of "8", "8.5" per cent; null when it is none, or above 100. */
function bps(text) {
  const hundredths = fenOf(text);
  return hundredths === null || hundredths > 10000 ? null : hundredths;
}

module.exports = { typed, whole, bps };
