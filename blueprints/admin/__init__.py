"""The HTTP door of the operators; every module here is registered by itself."""
