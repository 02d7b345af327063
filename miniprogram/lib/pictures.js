// Addresses of pictures, and choosing new ones.
const { baseUrl } = require('./config.js');
const api = require('./api.js');
const { permitted } = require('./permitted.js');

/** The address of a public picture: its id or its path on the server; "" for none. */
function pictureUrl(picture) {
  if (!picture) return '';
  return baseUrl + (picture.startsWith('/') ? picture : '/api/resident/pictures/' + picture);
}

/** Local paths of up to `count` pictures from album or camera; none when the person changed their mind or was refused. */
async function choose(count) {
  const answer = await permitted('chooseMedia', { count, mediaType: ['image'], sizeType: ['compressed'] });
  return answer ? answer.tempFiles.map((file) => file.tempFilePath) : [];
}

/** Uploads pictures one after the other; resolves with their ids. */
async function uploadAll(path, filePaths) {
  const ids = [];
  for (const filePath of filePaths) ids.push((await api.upload(path, filePath)).id);
  return ids;
}

module.exports = { pictureUrl, choose, uploadAll };
