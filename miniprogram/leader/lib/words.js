// What states are called from the leader's side, where the resident reads something else.
const { day } = require('../../lib/time.js');

const DELIVERY = {
  planned: '待拣货', picking: '拣货中', in_transit: '在路上', arrived: '已到货', reconciled: '已对平',
};
const CLAIM = {
  asked: '等您答复', offered: '等买家确认', rejected: '您已拒绝', escalated: '平台处理中', accepted: '已退款',
  refused: '平台未支持', withdrawn: '买家已撤回',
};
const CLAIM_KIND = { asked: 'amber', escalated: 'red', accepted: 'green' };
const STATEMENT = { draft: '平台核对中', approved: '可以提现', paying: '打款中', paid: '已到账', failed: '打款失败' };
const STATEMENT_KIND = { approved: 'green', paid: 'green', paying: 'amber', failed: 'red' };
const APPLICATION = { applied: '审核中', approved: '已通过', rejected: '未通过', suspended: '已停用' };
const APPLICATION_KIND = { applied: 'amber', approved: 'green', rejected: 'red', suspended: 'red' };

/** The days of a statement: "11月3日 到 周五", or the one day. */
function period(statement) {
  const since = day(statement.since);
  const until = day(statement.until);
  return since === until ? since : `${since} 到 ${until}`;
}

module.exports = {
  DELIVERY, CLAIM, CLAIM_KIND, STATEMENT, STATEMENT_KIND, APPLICATION, APPLICATION_KIND, period,
};
