# Everything that a person or CI starts. `make run` and `make test` need Python 3.11, Node 20.19+ and make, nothing else.
SHELL := /bin/sh
PY := .venv/bin/python
SEED ?= 20261121
WORKERS ?= 2
# A worker that has nothing left takes tests from the other: the browser tests would else fall to one alone.
PYTEST = $(PY) -m pytest -n $(WORKERS) --dist worksteal -p no:cacheprovider --randomly-seed=$(SEED)

.PHONY: help run test test-services check services bench format requirements prepare-test

help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## install, build, make the demonstration study, start web server and worker (PORT, DATA_DIR, HOST)
	@scripts/python -m scripts.run

test: prepare-test ## every test on SQLite: front end, Python, browser
	@npm --prefix frontend test --silent
	@$(PYTEST) -m "not services"

# The databases go with the server; dropped one by one, each would have to wait for the server's own vacuuming.
test-services: prepare-test ## on PostgreSQL and Redis, which it starts: every Python test that these can change
	@scripts/python -m scripts.prepare services
	@$(PY) -m scripts.services $(PYTEST) --after-embedded --reuse-db

prepare-test:
	@scripts/python -m scripts.prepare test

check: ## lint, types, import directions, migrations and generated files current
	@scripts/python -m scripts.prepare check
	@scripts/check

services: ## a private PostgreSQL and Redis for a second terminal, until Ctrl-C
	@scripts/python -m scripts.services

bench: ## measured figures of this machine
	@scripts/python -m scripts.prepare bench
	@$(PY) -m scripts.bench

format: ## rewrite Python and TypeScript in the project's format
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .
	@cd frontend && npx biome check --write .

requirements: ## pin requirements/*.txt anew from their .in files
	@scripts/compile-requirements $(ARGS)
