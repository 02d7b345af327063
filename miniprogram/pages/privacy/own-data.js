// Everything the server holds about a person, as a text that they can read, and as a file that they can keep.
const { yuan } = require('../../lib/money.js');
const words = require('../../lib/words.js');

const SECTIONS = {
  profile: '资料', chats: '绑定的群聊身份', devices: '登录过的设备', consents: '同意记录', subscriptions: '同意收的微信消息',
  follows: '关注的团长', orders: '订单', order_lines: '订单里的商品', hand_overs: '提货记录', payments: '付款', refunds: '退款',
  claims: '售后', pictures: '上传的照片', passes: '代取码', notices: '收到的消息', leading: '团长资料', desks: '自提点工作', shares: '分享',
  unseen: '还在审核的文字',
};
const FIELDS = {
  id: '编号', openid: '微信标识', nickname: '昵称', anonymous: '匿名参团', phone: '手机号', real_name: '真实姓名',
  wrote_to_customer_service_at: '联系过客服', home_point: '常用自提点', community: '小区', created_at: '时间', channel: '渠道', name: '名字',
  audience: '用在', device: '设备', expires_at: '有效到', revoked_at: '退出时间', document: '文件', version: '版本', agreed_at: '同意时间',
  purpose: '用途', quota: '还能收几条', changed_at: '变更时间', leader: '团长', display_name: '显示名', since: '从', kind: '种类', title: '标题',
  body: '内容', read_at: '看过的时间', campaign: '团', mode: '方式', point: '自提点', state: '状态', roster_number: '接龙号', recipient: '收货人',
  note: '备注', total_fen: '合计', paid_fen: '已付', refunded_fen: '已退', paid_at: '付款时间', collected_at: '提货时间', building: '楼栋',
  room: '门牌号', courier: '快递地址', address: '地址', order: '订单', offer_name: '商品', spec: '规格', unit: '单位', unit_price_fen: '单价',
  amount_fen: '金额', ordered_units: '订了', collected_units: '已提', refunded_units: '已退份数', found_by: '凭什么取', fetched_by: '代取人',
  by_name: '交货人', method: '方式', received_fen: '实收', transaction_id: '微信支付单号', succeeded_at: '完成时间', payment: '付款编号',
  reason: '原因', words: '说明', asked_fen: '要求金额', answer_fen: '答复金额', answer_words: '答复', label: '给谁', introduction: '介绍', about: '关于',
};
const STATES = Object.assign({}, words.CLAIM, words.LEADER, words.ORDER);
const FILE = '我的邻团数据.txt';

function stamp(iso) {
  const local = new Date(Date.parse(iso) + 8 * 3600 * 1000).toISOString();
  return local.slice(0, 10) + ' ' + local.slice(11, 16);
}

function told(name, value) {
  if (value === null || value === undefined || value === '') return '';
  if (typeof value === 'boolean') return value ? '是' : '否';
  if (typeof value === 'object') return row(value, '，');
  if (name.endsWith('_fen')) return yuan(value);
  if (/_at$|^since$/.test(name)) return stamp(value);
  if (name === 'state') return words.say(STATES, value);
  return String(value);
}

/** The fields of one thing that hold something, each with its name. */
function row(values, between) {
  return Object.keys(values).map((name) => [FIELDS[name] || name, told(name, values[name])])
    .filter(([, value]) => value).map(([name, value]) => name + '：' + value).join(between);
}

/** The whole answer of GET /api/resident/me/export as a text; times are Beijing's. */
function readable(data) {
  const parts = Object.keys(SECTIONS).map((name) => {
    const rows = [].concat(data[name] || []);
    return '【' + SECTIONS[name] + '】\n' + (rows.map((one) => row(one, '\n')).join('\n\n') || '没有');
  });
  return '邻团保存的关于您的全部数据，' + stamp(data.made_at) + '（北京时间）\n\n' + parts.join('\n\n') + '\n';
}

/** Writes the text into a file of the phone; resolves with its path. */
function written(text) {
  const filePath = wx.env.USER_DATA_PATH + '/' + FILE;
  return new Promise((resolve, reject) => {
    wx.getFileSystemManager().writeFile({
      filePath, data: text, encoding: 'utf8', success: () => resolve(filePath),
      fail: () => reject({ message: '手机没有存下文件，请清理微信的存储空间后再试。' }),
    });
  });
}

/** Sends the file to a chat, e.g. to oneself; turning back is no failure. */
function send(filePath) {
  return new Promise((resolve, reject) => {
    wx.shareFileMessage({
      filePath, fileName: FILE, success: resolve,
      fail: (failure) => (/cancel/.test(failure.errMsg) ? resolve(null) : reject({ message: '没有发出去，请再试一次。' })),
    });
  });
}

module.exports = { FIELDS, SECTIONS, readable, send, written };
