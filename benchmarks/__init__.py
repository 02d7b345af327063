"""`make bench`: the product's rates against the floors of the machine, taken turn by turn in one run."""
