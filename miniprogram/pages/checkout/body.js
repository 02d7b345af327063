// From what was typed to the body of an order; the server checks it all again.

const NEEDED = {
  pickup: [],
  door: [['building', '请填写楼栋'], ['room', '请填写门牌号']],
  courier: [['recipient', '请填写收件人'], ['phone', '请填写收件人手机号'], ['address', '请填写收货地址']],
};
const TAKEN = { pickup: [], door: ['building', 'room'], courier: ['phone', 'address'] };

function typed(form, name) {
  return (form[name] || '').trim();
}

/** The first field still needed, {name, words}, or null. */
function missingField(method, form) {
  const found = NEEDED[method].find(([name]) => !typed(form, name));
  return found ? { name: found[0], words: found[1] } : null;
}

/** The place to begin with: my own point if the campaign has it, else the first. */
function firstPoint(points, home) {
  return Math.max(0, points.findIndex((point) => home && point.id === home.id));
}

/** The body of POST /api/resident/orders. */
function orderBody(cart, point, method, form, again) {
  const body = { campaign: cart.campaign, point: point.id, lines: cart.lines };
  for (const name of ['recipient', 'note'].concat(TAKEN[method])) if (typed(form, name)) body[name] = typed(form, name);
  if (cart.via) body.via = cart.via;
  if (again) body.again = true;
  return body;
}

/** Which fields the server did not accept. */
function whatToDo(errors) {
  const shown = {};
  for (const name of Object.keys(errors)) shown[name] = '请检查这一项';
  return shown;
}

module.exports = { missingField, firstPoint, orderBody, whatToDo };
