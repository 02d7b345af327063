// Times as pickers want them (Shanghai's date and hour) and as the server wants them (RFC 3339).
const HOUR = 3600 * 1000;
const DAY = 24 * HOUR;

function shanghai(ms) {
  return new Date(ms + 8 * HOUR).toISOString();
}

/** {date: "2026-11-27", time: "20:00"} of an instant in milliseconds. */
function parts(ms) {
  const text = shanghai(ms);
  return { date: text.slice(0, 10), time: text.slice(11, 16) };
}

/** The RFC 3339 text of a date and a time of day in Shanghai. */
function iso(date, time) {
  return `${date}T${time}:00+08:00`;
}

/** An evening hour some days ahead, as pickers want it. */
function evening(nowMs, days) {
  return { date: parts(nowMs + days * DAY).date, time: '20:00' };
}

/** The same weekday and hour again, by whole weeks, at least an hour ahead; whole weeks are added to every time. */
function weeksAhead(iso, nowMs) {
  const then = Date.parse(iso);
  const weeks = Math.max(1, Math.ceil((nowMs + HOUR - then) / (7 * DAY)));
  return weeks * 7 * DAY;
}

module.exports = { parts, iso, evening, weeksAhead };
