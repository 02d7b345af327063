// Where the server is, for each version of the mini-program: that of the developer tools, the trial and the released
// one. Whoever runs Lintuan for real writes the HTTPS domains here; docs/miniprogram.md says what else is theirs to do.
const SERVERS = {
  develop: 'http://127.0.0.1:8000',
  trial: 'https://lintuan.example',
  release: 'https://lintuan.example',
};

module.exports = { baseUrl: SERVERS[wx.getAccountInfoSync().miniProgram.envVersion] || SERVERS.release };
