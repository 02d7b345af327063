// Calls of the sandbox's own control API; a refusal becomes an Error with the server's words.

async function read(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error || `HTTP ${response.status}`);
  return body;
}

export const get = (path, query = {}) => fetch(`${path}?${new URLSearchParams(query)}`).then(read);

export const send = (method, path, body = {}) => fetch(path, {
  method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
}).then(read);

export const post = (path, body) => send("POST", path, body);
