"""The gateway's daily bills: trades and movements of the account, as files in its own format."""
