"""A process is killed at every statement and outbound call of every use case, and must end as if it had not been."""
