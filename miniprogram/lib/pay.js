// Paying: the server asks the gateway, the platform shows its sheet, the server looks whether it was paid.
const api = require('./api.js');

function sheet(params) {
  return new Promise((resolve) => {
    wx.requestPayment(Object.assign({}, params, {
      success: () => resolve('paid'),
      fail: (failure) => resolve(/cancel/.test((failure && failure.errMsg) || '') ? 'cancelled' : 'failed'),
    }));
  });
}

/**
 * Opens the pay sheet for what POST `path` gives; resolves with paid, cancelled or failed, or with earlier when it was
 * paid already; rejects with refusals.
 */
async function pay(path) {
  let asked;
  try {
    asked = await api.post(path);
  } catch (problem) {
    if (problem.code === 'already_paid') return 'earlier';
    throw problem;
  }
  return sheet(asked.params);
}

/** 查一下: asks the gateway by the server; the order's state afterwards, or "" when nobody can tell now. */
async function lookUp(orderId) {
  try {
    return (await api.post('/api/resident/orders/' + orderId + '/look-up')).state;
  } catch (problem) {
    return '';
  }
}

module.exports = { pay, lookUp };
