// Who is no leader (yet) and opens a leader's page is led to the application.
function orApply(promise) {
  return promise.catch((problem) => {
    if (problem.status === 403) wx.redirectTo({ url: '/leader/pages/apply/apply' });
    throw problem;
  });
}

module.exports = { orApply };
