"""The outside world behind the Protocols of `services.ports`: chat app, payment gateway, groups, files, counters."""
