// A campaign's page in words.
const { yuan } = require('../../lib/money.js');
const { when } = require('../../lib/time.js');
const words = require('../../lib/words.js');

function money(seen) {
  const said = [words.say(words.POLICY, seen.payment_policy)];
  if (seen.delivery_fee_fen) said.push('配送费 ' + yuan(seen.delivery_fee_fen));
  if (seen.delivery_minimum_fen) said.push('满 ' + yuan(seen.delivery_minimum_fen) + ' 起送');
  if (seen.discount_fen) said.push('满 ' + yuan(seen.discount_over_fen) + ' 减 ' + yuan(seen.discount_fen));
  return said.join(' · ');
}

function standing(seen) {
  if (seen.takes_orders) return '';
  if (seen.state === 'open') return '已到截团时间，正在结算。';
  const told = seen.state === 'scheduled' ? when(seen.opens_at) + ' 开团，到点再来。' : words.CAMPAIGN_TELLS[seen.state] || '';
  return seen.state === 'cancelled' && seen.cancel_reason ? told + '原因：' + seen.cancel_reason : told;
}

function ending(seen) {
  if (seen.extended_at) return '已延长一次，最后截止 ' + when(seen.closes_at);
  return when(seen.closes_at) + ' 截团';
}

/** What the page shows of a campaign. */
function shapeCampaign(seen) {
  return {
    id: seen.id,
    title: seen.title,
    description: seen.description,
    seller: seen.seller,
    leader_name: seen.leader_name,
    state: words.say(words.CAMPAIGN, seen.state),
    kind: words.CAMPAIGN_KIND[seen.state] || 'plain',
    takes_orders: seen.takes_orders,
    standing: standing(seen),
    closed_because: seen.closed_at ? words.say(words.CLOSE_REASON, seen.close_reason) : '',
    people: seen.participant_count + ' 人参团',
    progress: seen.progress.text,
    percent: seen.progress.minimum ? Math.min(100, Math.round(100 * seen.progress.reached / seen.progress.minimum)) : 0,
    has_minimum: seen.progress.minimum > 0,
    closes_at: seen.closes_at,
    ending: ending(seen),
    arrival: seen.arrival_text,
    fetched: seen.delivery_method === 'pickup',
    delivery: words.say(words.DELIVERY, seen.delivery_method),
    money: money(seen),
    below: seen.progress.minimum ? words.say(words.BELOW_MINIMUM, seen.below_minimum) : '',
    shortage: words.say(words.SHORTAGE, seen.shortage_mode),
    points: seen.points,
    via: seen.via ? seen.via.name : '',
  };
}

/** One entry of the masked roster. */
function shapeEntry(entry) {
  return {
    number: entry.roster_number,
    name: entry.name,
    withdrawn: entry.withdrawn,
    text: entry.items.map((item) => item.name + ' ×' + item.units).join('，'),
  };
}

module.exports = { shapeCampaign, shapeEntry };
