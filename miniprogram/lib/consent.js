// What one has agreed to: the server's texts by version.
const api = require('./api.js');

const TITLES = { privacy: '隐私政策', terms: '用户协议' };

function shape(item) {
  return Object.assign({}, item, {
    title: item.title || TITLES[item.document],
    agreed: item.agreed_version === item.version,
    paragraphs: item.text.split('\n').map((line) => line.trim()).filter(Boolean),
  });
}

/** All documents as they stand, each with whether it is agreed to. */
async function documents() {
  return (await api.get('/api/resident/consents')).items.map(shape);
}

/** Agrees to these documents in the versions that were shown. */
async function agree(shown) {
  for (const item of shown) {
    await api.post('/api/resident/consents', { document: item.document, version: item.version });
  }
}

/** What is not agreed to in the version in force. */
async function missing() {
  return (await documents()).filter((paper) => !paper.agreed);
}

let asked = false;

/** What has still to be asked about when somebody comes in: asked once, until they agree or put it off. */
async function due() {
  if (asked) return [];
  asked = true;
  try {
    return await missing();
  } catch (problem) {
    asked = false; // the next page asks; without a network there is nothing to keep either
    return [];
  }
}

module.exports = { documents, missing, agree, due };
