"""The HTTP door of the leaders; every module here is registered by itself."""
