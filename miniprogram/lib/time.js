// Times as people say them, in Asia/Shanghai, and the server's clock as far as its answers told it.
const ZONE_MS = 8 * 3600 * 1000;
const DAY_MS = 24 * 3600 * 1000;
const WEEKDAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六'];
let ahead = 0;

function header(headers, name) {
  const found = Object.keys(headers || {}).find((key) => key.toLowerCase() === name);
  return found ? headers[found] : '';
}

/** Takes the server's clock from an answer's Date header (whole seconds). */
function noteServerTime(headers, nowMs) {
  const told = Date.parse(header(headers, 'date'));
  if (Number.isNaN(told)) return;
  const gap = told - (nowMs === undefined ? Date.now() : nowMs);
  ahead = Math.abs(gap) < 2000 ? 0 : gap;
}

/** Milliseconds since 1970 by the server's clock. */
function serverNow() {
  return Date.now() + ahead;
}

function parts(ms) {
  const local = new Date(ms + ZONE_MS);
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    date: local.getUTCDate(),
    weekday: WEEKDAYS[local.getUTCDay()],
    clock: String(local.getUTCHours()).padStart(2, '0') + ':' + String(local.getUTCMinutes()).padStart(2, '0'),
    number: Math.floor((ms + ZONE_MS) / DAY_MS),
  };
}

function named(then, now) {
  const apart = then.number - now.number;
  const close = { '-1': '昨天', 0: '今天', 1: '明天' }[apart];
  if (close) return close;
  if (apart > 0 && apart < 7) return then.weekday;
  const date = then.month + '月' + then.date + '日';
  return then.year === now.year ? date : then.year + '年' + date;
}

/** "今天", "周五", "11月3日"; "" for no time. */
function day(iso, nowMs) {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) return '';
  return named(parts(ms), parts(nowMs === undefined ? serverNow() : nowMs));
}

/** "周五 20:00", with a space at which no line breaks; "" for no time. */
function when(iso, nowMs) {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) return '';
  return day(iso, nowMs) + '\u00a0' + parts(ms).clock;
}

/** A sentence of the server in which no line breaks inside a date ("11-24 21:00"). */
function unbroken(sentence) {
  return sentence.replace(/\d+(-\d+)+( \d+:\d+)?/g, (date) => date.replace(/-/g, '\u2011').replace(' ', '\u00a0'));
}

/** How long until then: "1天2小时", "3小时5分", "4分09秒"; "" when it is over. */
function left(untilIso, nowMs) {
  const seconds = Math.floor((Date.parse(untilIso) - (nowMs === undefined ? serverNow() : nowMs)) / 1000);
  if (!(seconds > 0)) return '';
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor(seconds / 3600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  if (days) return days + '天' + hours + '小时';
  if (hours) return hours + '小时' + minutes + '分';
  return minutes + '分' + String(seconds % 60).padStart(2, '0') + '秒';
}

module.exports = { when, day, left, unbroken, serverNow, noteServerTime };
