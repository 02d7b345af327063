// The server names the field that is wrong; the sentence beside that field is said here, in Chinese.
const SENTENCES = {
  title: '写上团的名字，最多 80 字',
  seller: '写上谁在卖（营业执照上的名字），最多 80 字',
  description: '最多 5000 字',
  closes_at: '截团时间要在开团之后，并且还没到',
  opens_at: '定时开团的时间要在现在之后',
  extend_until: '顺延时间要在截团之后',
  minimum: '写整数，0 是没有门槛',
  below_minimum: '有门槛才能选顺延',
  close_on_target: '达标截团要先写门槛',
  points: '至少选一个自提点',
  offers: '至少要有一样商品',
  payment_policy: '快递发货不能收货付款',
  delivery_fee_fen: '自提的团没有配送费',
  delivery_minimum_fen: '自提的团没有起送金额',
  discount_over_fen: '写满多少元才减',
  discount_fen: '写减多少元，不能比满减门槛多',
  arrival_text: '最多 80 字',
  name: '写上名称，不能和别的重名',
  unit: '写上单位，最多 8 字',
  spec: '这个商品已经有同名规格了',
  price_fen: '写价格，比如 12.8',
  supply_price_fen: '写进货价，比如 10',
  commission_bps: '佣金在 0 到 100% 之间',
  quota: '写整数，不能比原来少',
  per_person: '写整数，不填就不限',
  minimum_units: '写整数，不能超过总份数',
  sku_id: '请重新选一下商品',
  category: '烟酒、药品、婴儿配方奶粉不能卖，请换类别',
  from_units: '每一档的份数要比上一档多，并且不超过总份数',
  reason: '请写明原因',
  words: '请写给买家看的话',
  amount_fen: '金额要比申请的少',
  display_name: '写上大家怎么称呼您，最多 20 字',
  community_id: '请选择小区',
  introduction: '最多 255 字',
  address: '写上地址',
  hours: '最多 80 字',
  tags: '标签太长或太多了',
  note: '备注太长了',
  counts: '每样商品都要点数',
};
const TIER_PRICE = '每一档要比上一档便宜';

/** {field: sentence} of a refusal's errors; a field within a list is found by its last name. */
function fieldErrors(problem) {
  const said = {};
  Object.keys((problem && problem.errors) || {}).forEach((path) => {
    const name = path.split('.').filter((part) => !/^\d+$/.test(part)).pop() || path;
    said[path] = path.includes('tiers') && name === 'price_fen' ? TIER_PRICE : SENTENCES[name] || '这里填得不对';
  });
  return said;
}

module.exports = { fieldErrors };
