"""The HTTP door of the stations; every module here is registered by itself."""
