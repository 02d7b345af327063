// Server-sent events out of bytes that arrive in any pieces.

function text(bytes) {
  let letters = '';
  for (let at = 0; at < bytes.length; at += 4096) {
    letters += String.fromCharCode.apply(null, bytes.slice(at, at + 4096));
  }
  return decodeURIComponent(escape(letters));
}

/** The `data` of one event, or "" for a comment. */
function dataOf(block) {
  return text(block).split(/\r?\n/).filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trim()).join('\n');
}

/** A function that takes chunks (ArrayBuffer) and calls `heard(data)` for each whole event. */
function reader(heard) {
  let bytes = [];
  return (chunk) => {
    for (const byte of new Uint8Array(chunk)) {
      bytes.push(byte);
      const size = bytes.length;
      if (size > 1 && byte === 10 && bytes[size - 2] === 10) {
        const data = dataOf(bytes);
        bytes = [];
        if (data) heard(data);
      }
    }
  };
}

module.exports = { reader };
