"""Tests of the pages behind the links of the chat."""
