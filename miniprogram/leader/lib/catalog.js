// Products behind offers: picked from what was sold before, or made on the way from what was typed.
const api = require('../../lib/api.js');
const { fenOf: fen } = require('../../lib/money.js');
const { bps } = require('./amount.js');
const { CATEGORIES } = require('./terms.js');

/** What was sold before, one entry per SKU: {sku_id, name, unit, label}. */
async function sold() {
  const page = await api.get('/api/leader/products', { limit: 50 });
  return [].concat(...page.items.map((product) => product.skus.map((sku) => ({
    sku_id: sku.id, name: product.name, unit: sku.unit,
    label: product.skus.length > 1 ? `${product.name} ${sku.spec}` : product.name,
  }))));
}

/** What the supplier gets per unit: as typed, else the price less the commission. */
function supplyFen(offer) {
  if (String(offer.supply).trim() !== '') return fen(offer.supply);
  const price = fen(offer.price);
  const rate = bps(offer.commission);
  return price === null || rate === null ? null : price - Math.floor(price * rate / 10000);
}

async function supplier(name) {
  const known = await api.get('/api/leader/merchants', { limit: 1 });
  return known.items[0] || api.post('/api/leader/merchants', { name });
}

/**
 * Give each offer without a SKU one; `keep(index, ids)` remembers what was made, so that nothing is made twice.
 * Rejects with the server's refusal, its fields named as those of the offer.
 */
async function makeMissing(offers, seller, keep) {
  for (let index = 0; index < offers.length; index += 1) {
    if (!offers[index].sku_id) await makeOne(offers[index], index, seller, keep);
  }
}

async function makeOne(offer, index, seller, keep) {
  try {
    let product = offer.product_id;
    if (!product) {
      const merchant = await supplier(seller);
      const made = await api.post('/api/leader/products', {
        merchant_id: merchant.id, category: CATEGORIES[offer.category], name: offer.name.trim(), fresh: offer.fresh,
      });
      product = made.id;
      keep(index, { product_id: product });
      if (offer.picture) await api.upload(`/api/leader/products/${product}/pictures`, offer.picture);
    }
    const sku = await api.post(`/api/leader/products/${product}/skus`, {
      spec: offer.unit.trim(), unit: offer.unit.trim(), supply_price_fen: supplyFen(offer),
    });
    keep(index, { sku_id: sku.id });
  } catch (problem) {
    const errors = {};
    Object.keys(problem.errors || {}).forEach((path) => { errors[`offers.${index}.${path}`] = problem.errors[path]; });
    throw Object.assign({}, problem, { errors });
  }
}

/** What is missing before anything is sent: {path: sentence}, so that no product is made for an unfinished offer. */
function unfinished(offers) {
  const said = {};
  offers.forEach((offer, index) => {
    if (!offer.name.trim()) said[`offers.${index}.name`] = '写上商品名';
    if (fen(offer.price) === null) said[`offers.${index}.price_fen`] = '写价格，比如 12.8';
    if (!offer.unit.trim()) said[`offers.${index}.unit`] = '写上单位，比如：份、箱、斤';
    if (bps(offer.commission) === null) said[`offers.${index}.commission_bps`] = '佣金在 0 到 100% 之间';
    if (offer.supply.trim() && fen(offer.supply) === null) said[`offers.${index}.supply_price_fen`] = '写进货价，比如 10';
  });
  return said;
}

module.exports = { sold, makeMissing, unfinished };
