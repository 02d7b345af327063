"""Callbacks of the payment gateway at our door."""
