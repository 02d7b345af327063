// Builds elements from text only, and knows the places of the phone's own frame.

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null && child !== false));
  return node;
}

export const byId = (id) => document.getElementById(id);

// There was no way to the sandbox: no network, or the page was left while it asked.
export class Unreachable extends Error {}

export async function call(path, body) {
  const asked = fetch(path, body === undefined ? {} : {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  const answer = await asked.catch((error) => { throw new Unreachable(error.message); });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.error || `HTTP ${answer.status}`);
  return told;
}
