// What the phone or its owner may refuse: the album, the camera, the clipboard. Whoever is refused hears what to do.
const { ask, tell } = require('./page.js');

const CALLS = {
  chooseMedia: { does: '拍照和选照片', scope: '' },
  saveImageToPhotosAlbum: { does: '保存到相册', scope: 'scope.writePhotosAlbum' },
  scanCode: { does: '用相机扫码', scope: '' },
  setClipboardData: { does: '复制', scope: '' },
};

/** One call of `wx` as a Promise. @returns {Promise<any>} */
function called(name, options) {
  return new Promise((resolve, reject) => {
    wx[name](Object.assign({}, options, { success: resolve, fail: reject }));
  });
}

/**
 * Calls `wx.<name>(options)`; resolves with its answer, or with null when the person turned back or it was refused,
 * which they have been told by then. Permission given on the way makes it try once more.
 * @param {'chooseMedia' | 'saveImageToPhotosAlbum' | 'scanCode' | 'setClipboardData'} name
 * @param {object} options
 * @returns {Promise<any>}
 */
async function permitted(name, options) {
  try {
    return await called(name, options);
  } catch (failure) {
    const said = (failure && failure.errMsg) || '';
    if (/cancel/.test(said)) return null;
    if (!await mended(CALLS[name], said, failure && failure.errno)) return null;
  }
  return called(name, options).catch(() => null);
}

/** Tells why it was refused; true when what stood in the way is gone. */
async function mended({ does, scope }, said, errno) {
  if (errno === 103 || errno === 104 || /privacy/.test(said)) return agreed(does);
  if (scope && /auth|deny|denied|authorize/.test(said)) return allowed(does, scope);
  if (/auth|deny|denied|permission/.test(said)) {
    await tell('手机没有让微信' + does + '。到手机的“设置 → 微信”里打开权限，再试一次。');
    return false;
  }
  await tell('没有成功，请再试一次。');
  return false;
}

/** The platform's own guide has to be agreed to first. */
async function agreed(does) {
  const words = does + '要您先同意微信上的隐私保护指引；不同意也可以继续用别的功能。';
  if (!await ask('还没有同意', words, { yes: '去同意', no: '不同意' })) return false;
  return called('requirePrivacyAuthorize', {}).then(() => true, () => false);
}

/** What was once refused is only given back in the mini-program's settings. */
async function allowed(does, scope) {
  if (!await ask('没有权限', '您之前没有允许' + does + '。到设置里打开，就会接着做。', { yes: '去设置', no: '不用了' })) return false;
  return called('openSetting', {}).then((answer) => answer.authSetting[scope] === true, () => false);
}

/** Copies a text; WeChat says itself that it did. True once it is copied. */
async function copy(text) {
  return Boolean(await permitted('setClipboardData', { data: text }));
}

module.exports = { permitted, copy };
