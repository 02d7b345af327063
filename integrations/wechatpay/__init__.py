"""WeChat Pay v3 for a direct merchant, public-key mode."""
