"""Shipping information (发货信息管理): what was sent to whom, and when a payment's frozen money thaws."""
