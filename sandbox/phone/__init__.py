"""The phone in the browser: shows the folder miniprogram/ as it is, by glass-easel, for one person."""
