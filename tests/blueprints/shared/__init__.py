"""Tests of what all audiences share."""
