"""Chat by signed JSON over HTTP: a strict bridge, and the test channel with its free edits."""
