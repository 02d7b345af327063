"""What people write and upload, kept from others until the platform's content safety has passed it."""
