// wx: exactly the calls that the mini-program may use; any other is a loud error.

import { asking } from "./asking.js";
import { device } from "./device.js";
import { files } from "./files.js";
import { navigation } from "./navigation.js";
import { network } from "./network.js";
import { paying } from "./paying.js";
import { person } from "./person.js";
import { scanning } from "./scanning.js";
import { sharing } from "./sharing.js";
import { storage } from "./storage.js";

const CALLS = { ...asking, ...device, ...files, ...navigation, ...network, ...paying, ...person, ...scanning, ...sharing, ...storage };

export const wx = new Proxy(CALLS, {
  get(calls, name) {
    if (name in calls || typeof name !== "string") return calls[name];
    console.error(`wx.${name} is not part of this phone`);
    return undefined;
  },
  set(_, name) { throw new Error(`wx.${String(name)} cannot be written`); },
});
