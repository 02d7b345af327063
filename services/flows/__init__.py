"""Several transactions with the outside between them; nothing outside is called while one is open."""
