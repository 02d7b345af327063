"""The operator's console: pages rendered by the server, behind a cookie, a second factor and a table of duties."""
