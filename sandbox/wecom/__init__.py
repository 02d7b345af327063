"""WeCom's smart robot and group webhook, imitated."""
