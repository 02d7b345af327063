"""Tests of shipping information."""
