// What a leader may do with a campaign in each state, and what follows from it, said before it is done.
const MOVES = {
  open: { label: '现在开团', kind: 'primary', tells: '开团后居民马上可以下单，价格和限购不能再改。' },
  schedule: { label: '定时开团', kind: 'plain', tells: '到开团时间自动开放下单，之前还可以修改。' },
  pause: { label: '暂停接单', kind: 'plain', tells: '暂停后不能再下单，已下的订单不受影响，随时可以恢复。' },
  resume: { label: '恢复接单', kind: 'primary', tells: '恢复后居民可以继续下单。' },
  close: {
    label: '提前截团', kind: 'danger',
    tells: '马上停止下单，等未付款的时间到了就定结果：够数成团，不够数自动退款。截团后不能再开。',
  },
  dispatch: {
    label: '开始备货', kind: 'primary', tells: '按自提点生成备货单。开始后居民不能再自己改自提点。',
  },
  cancel: {
    label: '取消这个团', kind: 'danger', reason: '告诉大家为什么取消',
    tells: '取消后不能恢复：所有没提走的商品全额退款，原因会给每位买家看。',
  },
};
const BY_STATE = {
  draft: ['open', 'schedule', 'cancel'],
  scheduled: ['open', 'cancel'],
  open: ['pause', 'close', 'cancel'],
  paused: ['resume', 'close', 'cancel'],
  closed: ['cancel'],
  formed: ['dispatch', 'cancel'],
  fulfilling: ['cancel'],
};

/** The moves of a campaign as buttons: {name, label, kind, tells, reason?}; scheduling needs an opening ahead. */
function movesOf(campaign, nowMs) {
  const names = (BY_STATE[campaign.state] || []).filter(
    (name) => name !== 'schedule' || Date.parse(campaign.opens_at) > nowMs,
  );
  return names.map((name) => Object.assign({ name }, MOVES[name]));
}

/** Whether the deadline may still be moved: once, as long as no outcome is stored. */
function mayExtend(campaign) {
  return ['open', 'paused', 'closed'].includes(campaign.state) && !campaign.extended_at && !campaign.outcome_at;
}

/** Whether everything may still be written anew. */
function mayRewrite(campaign) {
  return ['draft', 'scheduled'].includes(campaign.state);
}

/** Whether it has ended, or will end by itself: then it is worth opening again. */
function mayRepeat(campaign) {
  return campaign.state !== 'draft' && campaign.state !== 'scheduled';
}

module.exports = { movesOf, mayExtend, mayRewrite, mayRepeat };
