"""Money at a desk: what an order paid on pickup costs there, who took it, and where the cash went."""
