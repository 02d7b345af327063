// What a page keeps on the phone; each person has their own, as each has their own phone. It holds no more than WeChat's.

const MOST_OF_A_KEY = 1024 * 1024;
const MOST_OF_ALL = 10 * 1024 * 1024;
let prefix = "phone::";
export const storageOf = (name) => { prefix = `phone:${name}:`; };

const size = (text) => new TextEncoder().encode(text).length;

const read = (key) => {
  const kept = localStorage.getItem(prefix + key);
  return kept === null ? "" : JSON.parse(kept);
};

function write(key, value) {
  const text = JSON.stringify(value === undefined ? "" : value);
  const others = Object.keys(localStorage).filter((name) => name.startsWith(prefix) && name !== prefix + key);
  const all = others.reduce((sum, name) => sum + size(localStorage.getItem(name)), size(text));
  if (size(text) > MOST_OF_A_KEY) throw new Error("setStorageSync:fail:entry size limit reached");
  if (all > MOST_OF_ALL) throw new Error("setStorageSync:fail:storage limit exceeded");
  localStorage.setItem(prefix + key, text);
}

export const storage = {
  getStorageSync: read,
  setStorageSync: write,
  removeStorageSync: (key) => localStorage.removeItem(prefix + key),
};
