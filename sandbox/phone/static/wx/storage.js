// What a page keeps on the phone; each person has their own, as each has their own phone.

let prefix = "phone::";
export const storageOf = (name) => { prefix = `phone:${name}:`; };

const read = (key) => {
  const kept = localStorage.getItem(prefix + key);
  return kept === null ? "" : JSON.parse(kept);
};

export const storage = {
  getStorageSync: read,
  setStorageSync: (key, value) => localStorage.setItem(prefix + key, JSON.stringify(value === undefined ? "" : value)),
  removeStorageSync: (key) => localStorage.removeItem(prefix + key),
};
