// Addresses of pictures, and choosing new ones.
const { baseUrl } = require('./config.js');
const api = require('./api.js');

/** The address of a public picture: its id or its path on the server; "" for none. */
function pictureUrl(picture) {
  if (!picture) return '';
  return baseUrl + (picture.startsWith('/') ? picture : '/api/resident/pictures/' + picture);
}

/** Local paths of up to `count` pictures from album or camera; none when the person changed their mind. */
function choose(count) {
  return new Promise((resolve) => {
    wx.chooseMedia({
      count, mediaType: ['image'], sizeType: ['compressed'],
      success: (answer) => resolve(answer.tempFiles.map((file) => file.tempFilePath)),
      fail: () => resolve([]),
    });
  });
}

/** Uploads pictures one after the other; resolves with their ids. */
async function uploadAll(path, filePaths) {
  const ids = [];
  for (const filePath of filePaths) ids.push((await api.upload(path, filePath)).id);
  return ids;
}

module.exports = { pictureUrl, choose, uploadAll };
