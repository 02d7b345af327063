"""WeChat's own compilers and the published types read the mini-program."""
