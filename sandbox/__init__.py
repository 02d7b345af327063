"""A pretend WeChat on loopback: mini-program, payment gateway, WeCom and a chat room; shares no code with the product."""
