// Cards in groups: a ticket whose card counts by itself, and telling the server in which group such a card was opened.
const api = require('./api.js');
const session = require('./session.js');

/** Has the page's share button send a card that counts by itself; resolves with the server's ticket. */
async function prepare(campaignId) {
  const ticket = await api.post('/api/resident/campaigns/' + campaignId + '/shares', { mode: 'updatable' });
  wx.updateShareMenu({
    withShareTicket: true,
    isUpdatableMessage: true,
    activityId: ticket.activity_id,
    templateInfo: { templateId: ticket.template_id, parameterList: ticket.parameter_list },
  });
  return ticket;
}

/** The same without being asked for, for a page that has a share button at once; without a ticket the card stays plain. */
async function prepareQuietly(page, campaignId) {
  try {
    page.ticket = await prepare(campaignId);
  } catch (problem) {
    page.ticket = null;
  }
}

/** What onShareAppMessage gives: the ticket's card, or a plain one. */
function card(ticket, campaignId, title, picture) {
  const path = ticket && ticket.path ? '/' + ticket.path : '/pages/campaign/campaign?id=' + campaignId;
  return { title: (ticket && ticket.title) || title, path, imageUrl: picture || undefined };
}

function groupEntered() {
  return new Promise((resolve, reject) => {
    const wanted = { needGroupOpenID: true, success: resolve, fail: reject };
    wx.getGroupEnterInfo(wanted);
  });
}

/**
 * Tells in which group the card of this share was opened; true once the server knows. The platform seals the group
 * under the key of the newest login, so a fresh login comes right before. Opened elsewhere than in a group there is
 * nothing to tell, and nothing of it is ever in the way of ordering.
 */
async function opened(shareId) {
  if (!wx.getGroupEnterInfo) return false;
  try {
    await session.residentToken();
    const code = await session.loginCode();
    const group = await groupEntered();
    const told = { js_code: code, encrypted_data: group.encryptedData, iv: group.iv };
    await api.post('/api/resident/shares/' + shareId + '/opened', told);
    return true;
  } catch (problem) {
    return false;
  }
}

module.exports = { prepare, prepareQuietly, card, opened };
