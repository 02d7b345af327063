"""The HTTP door of the residents; every module here is registered by itself."""
