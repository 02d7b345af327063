"""After-sales: from the buyer's word to the books."""
