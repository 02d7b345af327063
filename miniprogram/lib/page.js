// How a page waits for the server: data.status (loading, ready, empty, error) and data.problem, for lt-state.

function isEmpty(shown) {
  return Boolean(shown && Array.isArray(shown.items) && shown.items.length === 0);
}

function stopPulling() {
  if (wx.stopPullDownRefresh) wx.stopPullDownRefresh();
}

/**
 * Shows that `promise` is awaited, then what came of it; resolves with the answer, or with undefined after a failure,
 * which is on the page by then. `show(answer)` gives the data to set together with the new status; an empty `items`
 * in it (or in the answer) makes the page "empty". What was shown already stays while it is loaded anew, and when
 * that fails: only data.problem tells then.
 */
async function loading(page, promise, show) {
  const had = page.data.status === 'ready' || page.data.status === 'empty';
  page.setData(had ? { problem: '' } : { status: 'loading', problem: '' });
  try {
    const answer = await promise;
    const shown = show ? show(answer) : {};
    page.setData(Object.assign({ status: isEmpty(show ? shown : answer) ? 'empty' : 'ready', problem: '' }, shown));
    return answer;
  } catch (problem) {
    const message = problem.message || '出错了，请再试一次。';
    page.setData(had ? { problem: message } : { status: 'error', problem: message });
    return undefined;
  } finally {
    stopPulling();
  }
}

/**
 * Adds the next page of a list: `fetch(cursor)` gives {items, next_cursor}; data.items, data.cursor and data.more are
 * kept. Nothing happens at the end of the list or while a page is on its way.
 */
async function more(page, fetch, shape) {
  if (!page.data.cursor || page.fetchingMore) return;
  page.fetchingMore = true;
  page.setData({ more: 'loading' });
  try {
    const next = await fetch(page.data.cursor);
    const items = page.data.items.concat(shape ? next.items.map(shape) : next.items);
    page.setData({ items, cursor: next.next_cursor, more: next.next_cursor ? '' : 'end' });
  } catch (problem) {
    page.setData({ more: 'failed' });
  } finally {
    page.fetchingMore = false;
  }
}

/** Says shortly what happened; long texts (a refusal) stay until they are read. */
function tell(text) {
  if (text.length > 14) return ask('', text, { only: true });
  wx.showToast({ title: text, icon: 'none', duration: 2500 });
  return Promise.resolve(true);
}

/** Says what was refused. */
function tellProblem(problem) {
  return tell(problem.message || '出错了，请再试一次。');
}

/** Asks yes or no; resolves with true or false. `options`: yes, no (texts), only (nothing to refuse). */
function ask(title, content, options) {
  const wanted = options || {};
  return new Promise((resolve) => {
    wx.showModal({
      title: title || '提示',
      content,
      showCancel: !wanted.only,
      confirmText: wanted.yes || (wanted.only ? '知道了' : '确定'),
      cancelText: wanted.no || '取消',
      confirmColor: '#05803f',
      success: (answer) => resolve(Boolean(answer.confirm)),
      fail: () => resolve(false),
    });
  });
}

module.exports = { loading, more, tell, tellProblem, ask };
