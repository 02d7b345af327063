"""What the chat needs of the database: inbox, identities, questions asked, rooms, own orders, what goes out."""
