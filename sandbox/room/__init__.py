"""The chat room page in which people speak, press buttons and pay."""
