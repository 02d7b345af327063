"""The mini-program's server API, imitated: HTTP 200 always, `errcode` says what went wrong."""
