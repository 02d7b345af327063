"""A pretend WeChat on loopback: mini-program, payment gateway, WeCom, a chat room; nothing shared with the product."""
