// Where the server is. Empty in the sandbox's phone, whose host passes "/api/…" on.
// Whoever runs Lintuan for real writes the HTTPS domain here (without a slash at its end) before uploading,
// and names the same domain in the platform's lists for request, uploadFile and downloadFile.
module.exports = { baseUrl: '' };
