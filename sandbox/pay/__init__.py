"""WeChat Pay v3 for a direct merchant, imitated: orders, refunds, notices and books of its own."""
