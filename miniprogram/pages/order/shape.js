// One order in words: where it stands, its lines, its money.
const { yuan } = require('../../lib/money.js');
const { when } = require('../../lib/time.js');
const words = require('../../lib/words.js');

const TELLS = {
  pending_payment: '货已为您留着，请在时限内付款；超时会自动放开。',
  paid: '已付款，等截团确认是否成团；不成团自动原路退款。',
  confirmed: '已成团，等到货通知。',
  ready: '货到了，请在截止前凭码提货。',
  collected: '已提货。若有问题，可在售后时间内申请。',
  completed: '订单已完成。',
  expired: '超过付款时间，订单已关闭；若之后才到账，会自动原路退回。',
  cancelled: '订单已取消。',
  refunded: '已全额退款。',
};

const BROUGHT_TELLS = {
  door: { ready: '货到了，团长会送货上门，请留意。', collected: '已送到。若有问题，可在售后时间内申请。' },
  courier: { ready: '已发货，收到后请点确认收货。', collected: '已收货。若有问题，可在售后时间内申请。' },
};

/** When an order that is paid on delivery is paid. */
function paying(order) {
  return order.delivery_method === 'pickup' ? '提货时付' : '收货时付';
}

function tells(order) {
  const brought = BROUGHT_TELLS[order.delivery_method] || {};
  if (order.state === 'cancelled' && order.cancel_words) return '订单已取消：' + order.cancel_words;
  if (order.state === 'confirmed' && order.due_fen) return '已登记，' + paying(order) + ' ' + yuan(order.due_fen) + '。';
  if (order.state === 'confirmed' && order.parcel) return '已发货，快递在路上。';
  return brought[order.state] || TELLS[order.state] || '';
}

function quantity(line, fetched) {
  const said = [];
  if (line.arrived_units && line.collected_units < line.arrived_units) said.push('到货 ' + line.arrived_units);
  if (line.collected_units) said.push((fetched ? '已提 ' : '已收 ') + line.collected_units);
  const back = line.refunded_units + line.refunded_after_units;
  if (back) said.push('已退 ' + back);
  return said.join(' · ');
}

function shapeLine(line, fetched) {
  return {
    id: line.id,
    name: line.offer_name,
    spec: line.spec,
    units: '×' + line.ordered_units + ' ' + line.unit,
    price: yuan(line.unit_price_fen),
    amount: yuan(line.amount_fen),
    quantity: quantity(line, fetched),
    explained: line.explained.slice(1), // the first says the price again
    claimable: line.collected_units > line.refunded_after_units,
  };
}

function shapeRefund(refund) {
  return {
    id: refund.id,
    words: refund.words,
    done: refund.words === '已退款',
    amount: yuan(refund.amount_fen),
    at: refund.succeeded_at ? when(refund.succeeded_at) + ' 退到付款账户' : '',
    parts: refund.parts.map((part) => part.name + (part.units ? ' ×' + part.units : '') + ' ' + yuan(part.amount_fen) + '（' + part.words + '）'),
  };
}

function place(order) {
  if (order.delivery_method === 'door') return order.building + ' ' + order.room;
  if (order.delivery_method === 'courier') return '见收货地址';
  return order.point_name;
}

/** What the order page shows. */
function shapeOrder(order) {
  const ended = ['expired', 'cancelled', 'refunded'].includes(order.state);
  const untilShown = !ended && order.state !== 'pending_payment';
  return {
    id: order.id,
    campaign: order.campaign,
    title: order.campaign_title,
    raw: order.state,
    state: words.orderState(order),
    kind: words.ORDER_KIND[order.state] || 'plain',
    tells: tells(order),
    number: order.roster_number,
    hold_until: order.state === 'pending_payment' ? order.hold_until : '',
    pay_until: order.pay_until || '',
    pickup: order.delivery_method === 'pickup',
    method: words.say(words.DELIVERY, order.delivery_method),
    place: place(order),
    recipient: order.recipient,
    note: order.note,
    mark: words.mark(order.words_check),
    at: when(order.created_at),
    deadline: untilShown && order.state === 'ready' && order.pickup_deadline ? when(order.pickup_deadline) + ' 前' : '',
    aftersales: order.aftersales_until ? when(order.aftersales_until) + ' 前' : '',
    policy: words.say(words.POLICY, order.payment_policy),
    fee: order.delivery_fee_fen ? yuan(order.delivery_fee_fen) : '',
    total: yuan(order.total_fen),
    paid: order.paid_fen ? yuan(order.paid_fen) : '',
    due: order.due_fen ? yuan(order.due_fen) : '',
    paying: paying(order),
    refunding: order.refunding_fen ? yuan(order.refunding_fen) : '',
    refunded: order.refunded_fen ? yuan(order.refunded_fen) : '',
    lines: order.lines.map((line) => shapeLine(line, order.delivery_method === 'pickup')),
    refunds: order.refunds.map(shapeRefund),
    claims: order.claims.map((claim) => ({ id: claim.id, name: claim.name, state: words.say(words.CLAIM, claim.state) })),
    payable: order.state === 'pending_payment' || Boolean(order.pay_until),
    cancellable: order.cancellable,
    movable: order.delivery_method === 'pickup' && ['pending_payment', 'paid', 'confirmed'].includes(order.state),
    waiting: order.state === 'ready' && order.delivery_method === 'pickup',
    parcel: order.parcel ? shapeParcel(order) : null,
    addressed: order.delivery_method === 'courier',
    asks_refund: ['paid', 'confirmed', 'ready', 'collected', 'completed'].includes(order.state),
    moving: order.state === 'pending_payment' || order.refunding_fen > 0 || Boolean(order.pay_until),
  };
}

function shapeParcel(order) {
  return {
    company: order.parcel.company_name || order.parcel.company,
    number: order.parcel.tracking_number,
    shipped: when(order.parcel.shipped_at) + ' 发出',
    confirm_by: when(order.parcel.confirm_by),
    open: order.state === 'ready' || order.state === 'confirmed',
  };
}

/** The pickup with its code as it is read out ("1234 5678"), and when it was handed over. */
function shapePickup(pickup) {
  return Object.assign({}, pickup, {
    shown: pickup.code.replace(/(\d{4})(?=\d)/g, '$1 '),
    handed: pickup.collected_at ? when(pickup.collected_at) + ' 由 ' + pickup.collected_by + ' 交货' : '',
  });
}

module.exports = { shapeOrder, shapePickup };
