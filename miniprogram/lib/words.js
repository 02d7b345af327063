// States and choices in Chinese, the same words on every page.

const ORDER = {
  pending_payment: '待付款', paid: '已付款', confirmed: '待到货', ready: '待提货', collected: '已提货',
  completed: '已完成', expired: '超时未付，已关闭', cancelled: '已取消', refunded: '已退款',
};
const ORDER_BROUGHT = {
  door: { ready: '待送货', collected: '已送到' },
  courier: { ready: '待收货', collected: '已收货' },
};
const ORDER_KIND = {
  pending_payment: 'amber', paid: 'green', confirmed: 'green', ready: 'green', collected: 'plain',
  completed: 'plain', expired: 'plain', cancelled: 'plain', refunded: 'plain',
};
const CAMPAIGN = {
  draft: '草稿', scheduled: '即将开团', open: '正在接龙', paused: '暂停接单', closed: '已截团',
  formed: '已成团', failed: '未成团', fulfilling: '已成团，备货中', completed: '已完成', cancelled: '已取消',
};
const CAMPAIGN_KIND = {
  open: 'green', formed: 'green', fulfilling: 'green', scheduled: 'amber', paused: 'amber', closed: 'amber',
  failed: 'red', cancelled: 'red',
};
const CAMPAIGN_TELLS = {
  scheduled: '还没到开团时间，先收藏，到点再来。',
  paused: '团长暂停了接单；已下的订单照常有效。',
  closed: '已截团，结果稍后公布；付了款的请放心，不成团会原路退款。',
  formed: '已成团，正在备货。',
  fulfilling: '已成团，正在备货和到货。',
  failed: '没有成团，已付的款会原路退回。',
  completed: '这个团已经结束。',
  cancelled: '这个团取消了，未提货的款会原路退回。',
};
const CLOSE_REASON = { deadline: '到点截团', leader: '团长截团', sold_out: '已售罄', target_met: '已达到目标' };
const BELOW_MINIMUM = { fail: '不够就不成团，全额原路退款', form_anyway: '不够也照样成团', extend: '不够会延长一次' };
const SHORTAGE = { one_each: '先保证每人一份', first_come: '按付款先后', in_proportion: '按比例' };
const DELIVERY = { pickup: '自提', door: '团长送货上门', courier: '快递到家' };
const POLICY = { prepaid: '先付款', on_pickup: '收货付款' };
const CLAIM = {
  asked: '等团长答复', offered: '团长提出了方案', accepted: '已同意退款', rejected: '团长没有同意',
  escalated: '平台处理中', refused: '平台没有支持', withdrawn: '已撤回',
};
const CLAIM_REASON = { bad: '坏了', missing: '少了', wrong: '错了', late: '晚了', other: '其他' };
const LEADER = { applied: '申请审核中', approved: '团长', rejected: '申请未通过', suspended: '团长资格暂停' };

/** What stands beside words of one's own that others do not see yet; "" once they do. */
function mark(state) {
  if (!state) return '';
  return state === 'refused' ? '没通过审核，别人看不到' : '审核中，通过后别人才看得到';
}

/** Words with that mark behind them. */
function marked(words, state) {
  return words + (state ? '（' + mark(state) + '）' : '');
}

/** Where an order stands; goods that are brought are not fetched. */
function orderState(order) {
  return say(Object.assign({}, ORDER, ORDER_BROUGHT[order.delivery_method]), order.state);
}

/** The word for `key`, or the key itself where we know none. */
function say(table, key) {
  return (key && table[key]) || key || '';
}

module.exports = {
  say, mark, marked, orderState, ORDER, ORDER_KIND, CAMPAIGN, CAMPAIGN_KIND, CAMPAIGN_TELLS, CLOSE_REASON, BELOW_MINIMUM, SHORTAGE, DELIVERY,
  POLICY, CLAIM, CLAIM_REASON, LEADER,
};
