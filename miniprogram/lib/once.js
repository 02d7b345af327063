// Double taps: while what a tap began still runs, further taps do nothing.

/**
 * A method that runs `fn` (kept `this`, any arguments) once at a time; taps meanwhile resolve to undefined.
 * @param {(this: any, ...given: any[]) => any} fn
 * @returns {(this: any, ...given: any[]) => Promise<any>}
 */
function once(fn) {
  let running = false;
  return async function tapped(...given) {
    if (running) return undefined;
    running = true;
    try {
      return await fn.apply(this, given);
    } finally {
      running = false;
    }
  };
}

module.exports = { once };
