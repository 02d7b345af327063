// A campaign in a list; pressed, it opens the campaign.
const { go } = require('../../lib/go.js');
const { yuan } = require('../../lib/money.js');
const { when } = require('../../lib/time.js');
const { CAMPAIGN, CAMPAIGN_KIND, say } = require('../../lib/words.js');
const { pictureUrl } = require('../../lib/pictures.js');

const REASONS = { point: '我的自提点', leader: '我关注的团长' };

Component({
  properties: {
    campaign: { type: Object, value: null },
  },
  data: { shown: null },
  observers: {
    campaign(campaign) {
      if (campaign) this.setData({ shown: shape(campaign) });
    },
  },
  methods: {
    open() {
      go('/pages/campaign/campaign?id=' + this.data.campaign.id);
    },
  },
});

function shape(campaign) {
  return {
    title: campaign.title,
    leader: campaign.leader_name || '',
    reason: REASONS[campaign.reason] || '',
    state: say(CAMPAIGN, campaign.state),
    kind: CAMPAIGN_KIND[campaign.state] || 'plain',
    open: campaign.state === 'open',
    opens: campaign.state === 'scheduled' ? when(campaign.opens_at) + ' 开团' : '',
    closes_at: campaign.closes_at,
    people: campaign.participant_count + ' 人参团',
    progress: campaign.progress ? campaign.progress.text : '',
    picture: pictureUrl(campaign.picture),
    from: campaign.from_price_fen === undefined || campaign.from_price_fen === null ? '' : yuan(campaign.from_price_fen),
  };
}
