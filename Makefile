# Every target sets up what it needs in .venv; python 3.11+ and make are enough.

PATHS ?= examples
# Arguments for pytest, such as ARGS="-k pre_commit".
ARGS ?=

NEW_ENOUGH := -c 'import sys; sys.exit(sys.version_info < (3, 11))'
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11 python,\
  $(shell $(name) $(NEW_ENOUGH) 2>/dev/null && echo $(name))))

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PACKAGE := pyproject.toml src/dynavet/__init__.py

.DEFAULT_GOAL := help
.PHONY: help scan test check clean

help:
	@echo 'make scan    scan examples/ (or PATHS="...") with dynavet'
	@echo 'make test    run the tests (ARGS="..." for pytest)'
	@echo 'make check   lint, formatting, types, generated files'
	@echo 'make clean   remove the environment and caches'
	@echo
	@echo '.ci/run      all of it, and the tests once more against the built wheel'

# 1 means that dynavet found something, as it does in examples/; 2 that it could not do its work.
scan: $(VENV)/scan.stamp
	@$(BIN)/dynavet --version
	@$(BIN)/dynavet scan $(PATHS); status=$$?; \
	echo; echo "dynavet exit status: $$status"; \
	test $$status -le 1

test: $(VENV)/dev.stamp $(VENV)/node.stamp
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile $(ARGS)

check: $(VENV)/dev.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python scripts/generate_docs.py --check
	$(BIN)/python scripts/generate_actions.py --check
	$(BIN)/python scripts/lock.py --check

clean:
	rm -rf $(VENV) .venv-checkov .venv-hcl2 tests/node/node_modules build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/pip.stamp: requirements/pip.txt
	@$(or $(PYTHON),false) $(NEW_ENOUGH) || { echo 'dynavet needs Python 3.11 or newer: $(if $(PYTHON),$(PYTHON) is not,nothing on the PATH is).'; \
	  echo 'Install one, or name it: make PYTHON=/path/to/python3.11'; exit 1; } >&2
	@echo "Creating $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PIP) install --require-hashes --requirement requirements/pip.txt
	@touch $@

$(VENV)/scan.stamp: $(VENV)/pip.stamp $(PACKAGE)
	@echo 'Installing dynavet'
	@$(PIP) install --editable .
	@touch $@

# Pinned and hashed, what builds dynavet too; scripts/lock.py makes the list.
$(VENV)/dev.stamp: $(VENV)/pip.stamp requirements/dev.txt $(PACKAGE)
	@echo 'Installing what the tests and checks need'
	@$(PIP) install --require-hashes --requirement requirements/dev.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/scan.stamp

# Validators of reports and workflows; without npm the tests that need them skip.
$(VENV)/node.stamp: $(VENV)/pip.stamp tests/node/package-lock.json
	@if command -v npm >/dev/null; then echo 'Installing validators'; npm ci --silent --no-audit --no-fund --prefix tests/node; fi
	@touch $@
