# `make demo` sets everything up and reads the sample articles; `make test` sets everything up and passes the tests.
# Both need Python 3.11 or newer and nothing else; they work in the virtual environment .venv, which they create.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: help demo test check fix schemas clean

help:
	@echo "make demo     set up, then read the articles in seeds/ from the recorded answers and show what they say"
	@echo "make test     set up, then check and test everything (no network, no key)"
	@echo "make check    lint, formatting and types only"
	@echo "make fix      lint fixes and formatting"
	@echo "make schemas  write schemas/ anew from extractor/schema/"
	@echo "make clean    remove the virtual environment and everything generated"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.user: $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.developer: $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,parquet,holidays]'
	@touch $@ $(VENV)/.user

demo: $(VENV)/.user
	$(BIN)/extractor run seeds/ --output out.jsonl --overwrite --replay cassettes/seeds.json
	$(BIN)/extractor show out.jsonl

test: check
	$(BIN)/python -m pytest -n auto -m 'not slow and not ray'

check: $(VENV)/.developer
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fix: $(VENV)/.developer
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

schemas: $(VENV)/.user
	$(BIN)/python -m extractor.schema.json_schemas schemas

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .cache out.jsonl out.run.json out.failed.jsonl
