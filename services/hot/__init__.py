"""The rush: what comes in great numbers is done many at a time, by hand-written SQL, to the plain path's very rows."""
