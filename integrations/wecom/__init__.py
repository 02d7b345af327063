"""WeCom groups: the smart robot's callback and the group webhook."""
