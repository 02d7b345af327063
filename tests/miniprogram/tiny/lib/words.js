// What the pages of the very small mini-program say.
const said = { hello: "你好，邻居" };
module.exports = { hello: () => said.hello };
