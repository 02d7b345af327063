"""One campaign's whole life, told from HTTP answers and chat lines alone; knows nothing of the product's inside."""
