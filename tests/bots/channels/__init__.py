"""The contract of all channels, each against its strict emulator."""
