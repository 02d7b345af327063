# Every command sets up what it needs; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help setup docs money capacity screenshots run serve demo bench chaos test check format lint types contracts migration migrate-check clean
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.lintuan-setup
PYTHON ?= python3
TEST_WORKERS ?= 2
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## Make .venv with everything in it (the other commands do this by themselves)
	@:

$(STAMP): pyproject.toml constraints.txt package-lock.json
	@PYTHON='$(PYTHON)' VENV='$(VENV)' scripts/setup
	@touch $@

run: $(STAMP) ## Serve product, clock, live counts and sandbox on loopback with demo data; Ctrl-C stops all of it
	@exec $(BIN)/python -m stack run

serve: $(STAMP) ## Serve product (granian, several workers) and live counts; settings from the environment (HOST PORT WORKERS THREADS)
	@exec $(BIN)/python -m stack.serving

demo: $(STAMP) ## Play one campaign's whole life over HTTP and chat, then compare the books
	@exec $(BIN)/python -m demo

bench: $(STAMP) ## Measure against the floors of this machine (PART=W1, growth …; without it what no result stands for)
	@exec $(BIN)/python -m benchmarks $(PART)

chaos: $(STAMP) ## Long runs that try to break it (PART=stock, histories … see chaos/__main__.py; all without it)
	@exec $(BIN)/python -m chaos $(PART)

test: $(STAMP) ## Run every test on SQLite, PostgreSQL and a Redis-protocol server
	@echo "== tests"
	@exec $(BIN)/python -m pytest -n $(TEST_WORKERS) --dist worksteal

check: format-check lint types contracts test ## What continuous integration runs: formatting, lint, types, contracts, tests

format: $(STAMP) ## Rewrite the code in the house format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix-only --quiet .

.PHONY: format-check
format-check: $(STAMP)
	@echo '== formatting'
	@$(BIN)/ruff format --check --output-format concise . || { echo 'run: make format'; exit 1; }

lint: $(STAMP) ## Look for mistakes
	@echo '== lint'
	@$(BIN)/ruff check --quiet .

types: $(STAMP) ## Check the types
	@echo '== types'
	@$(BIN)/mypy

contracts: $(STAMP) ## Check who may import whom
	@echo '== import contracts'
	@$(BIN)/lint-imports --no-logo

docs: $(STAMP) ## Write docs/reference from the code
	@exec $(BIN)/python -m scripts.write_reference

money: $(STAMP) ## Play the worked example of money and write docs/money.md
	@exec $(BIN)/python -m scripts.worked_example

screenshots: $(STAMP) ## Write a picture of every page of the mini-program into var/screenshots
	@exec $(BIN)/python -m scripts.screenshots

capacity: $(STAMP) ## Write docs/capacity.md from what `make bench` measured
	@exec $(BIN)/python -m scripts.capacity

migration: $(STAMP) ## Write the first migration anew from the models (until the first release)
	@exec $(BIN)/python -m scripts.remake_tables

migrate-check: $(STAMP) ## Upgrade both databases from nothing and compare them with the models
	@exec $(BIN)/python -m pytest -q tests/house/test_migrations.py

clean: ## Remove .venv and caches; data in var/ stays
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build *.egg-info
	@find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
