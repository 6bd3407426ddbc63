# Répons. `make help` says what each target does.
SHELL := /bin/sh
PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup dev demo test check bench intake faults messages pictures locks clean

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

setup: .venv/run.stamp  ## the environment alone: .venv with `tracker` in .venv/bin

demo: setup  ## the whole product on http://127.0.0.1:8000 with sample data (PORT=… for another port)
	@$(BIN)/python -c 'import config; from tracker.demo.run import run; run(config.demo($(PORT)), $(PORT))'

test: dev  ## set up, then check and test everything
	@$(BIN)/python -m tests.everything

dev: .venv/dev.stamp  ## the environment with the tools for development

check: dev  ## style, types and architecture alone
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports --no-logo

bench: dev  ## measure speed and memory on both engines and record the figures (SIZES="S M L", S and M by default)
	@$(BIN)/python -m bench $(SIZES)

intake: dev  ## what reading and accepting documents costs, a line for each bar
	@$(BIN)/python -m bench.intake

faults: dev  ## inject faults at full size on both engines and record the figures (ONLY=D08 for some)
	@$(BIN)/pytest -q tests/faults tests/security -m proves --full -k "$(ONLY)"; passed=$$?; \
	  $(BIN)/python -m bench.figures docs/measured/faults.jsonl; exit $$passed

messages: dev  ## collect the texts of the interface, merge and compile the translations
	@$(BIN)/python -m tests.messages

pictures: dev  ## take the pictures of the README and the guides anew, from a demonstration
	@$(BIN)/python tools/pictures.py

locks:  ## resolve the dependencies again, with hashes
	@for one in run:demo dev:dev; do $(BIN)/uv pip compile -q --universal --python-version 3.11 --no-header \
	  --no-annotate --no-emit-package repons --generate-hashes pyproject.toml --extra checkout \
	  --extra $${one#*:} -o requirements/$${one%:*}.lock; done

clean:  ## remove the environment and the demo's data
	rm -rf .venv .demo

.venv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Répons needs Python 3.11 or newer. Install it, or name it: make PYTHON=python3.11 …" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || \
	  { echo "This Python cannot make a virtual environment. Install its venv package (on Debian: python3-venv)." >&2; exit 1; }
	@$(BIN)/pip install --quiet --disable-pip-version-check uv

# What runs is part of what develops: where that is installed and no older, nothing is left to do.
.venv/run.stamp: requirements/run.lock pyproject.toml | .venv/bin/uv
	@test .venv/dev.stamp -nt requirements/run.lock -a .venv/dev.stamp -nt pyproject.toml || \
	  { $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/run.lock && \
	    $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e . ; }
	@touch $@

.venv/dev.stamp: requirements/dev.lock pyproject.toml | .venv/bin/uv
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@ .venv/run.stamp
