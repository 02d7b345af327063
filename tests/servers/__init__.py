"""Throw-away PostgreSQL and Valkey servers, made of pip packages, one of each per test run."""
