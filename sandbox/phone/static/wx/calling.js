// How WeChat's calls answer: success, fail and complete, or a Promise where none of them is given.

import { Unreachable } from "../dom.js";

export class Refused extends Error {}

// `work(options)` gives the answer or throws; `name:ok` and `name:fail …` are added here.
export function answering(name, work) {
  return (options = {}) => {
    const wantsPromise = !options.success && !options.fail && !options.complete;
    const done = new Promise((resolve) => { resolve(work(options)); }).then(
      (answer) => ({ errMsg: `${name}:ok`, ...answer }),
      (error) => {
        if (![Refused, Unreachable].some((kind) => error instanceof kind)) console.error(`wx.${name}: ${error.stack || error}`);
        throw Object.assign(error, { errMsg: `${name}:fail ${error.message}`, ...error.facts });
      });
    if (wantsPromise) return done.catch((error) => { throw failure(error); });
    done.then(
      (answer) => { call(options.success, answer); call(options.complete, answer); },
      (error) => { call(options.fail, failure(error)); call(options.complete, failure(error)); });
    return undefined;
  };
}

export function refused(words, facts = {}) {
  return Object.assign(new Refused(words), { facts });
}

const failure = (error) => ({ errMsg: error.errMsg, ...error.facts });

// An error in a page's own callback is the page's, and is loud.
export function call(heard, ...args) {
  if (!heard) return;
  try { heard(...args); } catch (error) { console.error(error.stack || error); }
}
