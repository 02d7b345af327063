"""Long runs that try to break the product: races, crowds of schedulers, processes killed at every statement."""
