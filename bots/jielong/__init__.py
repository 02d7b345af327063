"""接龙: the list that neighbours pass on in a group, read as text and compared with how it stood before."""
