# `make` lists the targets. On a bare machine, Python 3.11 or newer and make are all that is needed.

VENV := .venv
BIN := $(VENV)/bin
# pip older than 25.1 knows no dependency groups, and new virtual environments bring such a one.
PIP_FLOOR := pip>=25.1

.DEFAULT_GOAL := help
.PHONY: help demo test check soak lint bench docs schemas languages web clean venv oracle web-test web-lint screenshots prove-page
PYTEST := $(BIN)/python -m pytest
NODE_PACKAGES := web/node_modules/.package-lock.json
BESIDE := -n logical --dist worksteal  # one worker for each processor
TRANSLATIONS := $(wildcard hashclient/guidance/locale/*/LC_MESSAGES/hashclient.po)
CATALOGUES := $(TRANSLATIONS:.po=.mo)
NAMES := hashclient/guidance/names.json
SERVICES := hashclient/guidance/services.json hashclient/guidance/crisis.json
GENERATED := $(CATALOGUES) $(NAMES) $(SERVICES)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.program $(GENERATED) ## see the whole round on this machine: hash, inspect, submit, status, withdraw
	@$(BIN)/hashclient demo

test: $(VENV)/.developer $(GENERATED) ## run the everyday tests, side by side, in three minutes
	@$(PYTEST) $(BESIDE) -m 'not slow'

check: lint $(GENERATED) ## run lint, and the slow tests that `make test` leaves out
	@$(PYTEST) $(BESIDE) -m slow

soak: $(VENV)/.developer $(GENERATED) ## kill client and endpoint a thousand times while submissions flow, and let every service misbehave before the page in Firefox too (long)
	HASHCLIENT_KILLS=1000 $(PYTEST) -q -s tests/crash/test_storm.py
	HASHCLIENT_ALL_BROWSERS=1 $(PYTEST) -q -k firefox tests/page/test_hostile_services.py

lint: $(VENV)/.developer $(GENERATED) ## check style, types and the wall between the two halves
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@if [ -e $(NODE_PACKAGES) ]; then $(MAKE) --no-print-directory web-lint; fi

bench: $(VENV)/.bench ## measure beside the reference, in one run
	@$(BIN)/python benchmarks/bench.py

schemas: $(VENV)/.developer $(GENERATED) ## write schemas/ from the model and the endpoint
	$(BIN)/python schemas/generate.py

languages: $(VENV)/.developer ## bring the translations to the sentences of the code, and compile them
	@$(BIN)/python hatch_build.py --update

docs: $(VENV)/.developer schemas ## write what is generated: schemas, docs/cli.md, docs/audit.md, docs/demo.svg, the tables of docs/for-people*.md
	$(BIN)/python docs/make_cli.py
	$(BIN)/python docs/make_services.py
	$(BIN)/python docs/make_audit.py
	$(BIN)/python docs/make_demo_picture.py

web: $(VENV)/.developer $(GENERATED) $(NODE_PACKAGES) ## build the page anew, twice, and compare; needs node
	@cd web && npm run --silent build

web-test: $(VENV)/.developer $(GENERATED) $(NODE_PACKAGES) ## run the tests of the page; needs node
	@cd web && npm run --silent test

screenshots: $(VENV)/.developer $(GENERATED) $(NODE_PACKAGES) ## write every screen of the page, and the whole way by keyboard and by touch, into build/screenshots; needs Chromium
	@cd web && node tests/browser/screenshots.mjs ../build/screenshots
	@cd web && node tests/browser/whole_way.mjs keys ../build/screenshots/keys
	@cd web && node tests/browser/whole_way.mjs touch ../build/screenshots/touch
	@cd web && node tests/browser/screenshots.mjs ../docs/page docs

web-lint: $(NODE_PACKAGES) ## check style and types of the page; needs node
	@cd web && npm run --silent lint

prove-page: $(VENV)/.developer $(GENERATED) $(NODE_PACKAGES) ## prove on the wire that the page gives no picture away; needs root, Linux, node and Chromium
	@$(BIN)/python benchmarks/prove_page.py

venv: $(VENV)/.developer $(GENERATED) ## make .venv with everything for work on the code

oracle: $(VENV)/.oracle ## add the reference for PDQ to .venv, which needs a C++ compiler

clean: ## remove .venv and everything that was generated and is not kept
	rm -rf $(VENV) web/node_modules build dist .coverage .coverage.* .hypothesis .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -f $(GENERATED)

$(CATALOGUES): %.mo: %.po | $(VENV)/.program
	@$(BIN)/python hatch_build.py && touch $@

$(NAMES): hatch_build.py | $(VENV)/.program
	@$(BIN)/python hatch_build.py && touch $@

$(SERVICES): %.json: %.toml hatch_build.py | $(VENV)/.program
	@$(BIN)/python hatch_build.py && touch $@

$(NODE_PACKAGES): web/package.json web/package-lock.json
	@echo "Installing what the page is built from into web/node_modules ..."
	@cd web && npm ci --silent && touch node_modules/.package-lock.json

# What follows makes the environment; the stamps make it anew when pyproject.toml changes.

$(VENV)/.program: pyproject.toml | $(BIN)/python
	@echo "Installing what the program needs into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade '$(PIP_FLOOR)'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[all]' --group build
	@touch $@

$(VENV)/.developer: $(VENV)/.program
	@echo "Installing what the tests need into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	@touch $@

$(VENV)/.oracle: $(VENV)/.developer
	@echo "Building the reference for PDQ into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group oracle
	@touch $@

$(VENV)/.bench: $(VENV)/.developer
	@echo "Installing what is measured beside us into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group bench
	@touch $@

# PYTHON=/path/to/python chooses another one.
$(BIN)/python:
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Making $(VENV) with $$($$python --version) ..."; \
	    $$python -m venv $(VENV) && exit 0; \
	    echo "This Python cannot make virtual environments. Install its venv package (on Debian: python3-venv), then try again." >&2; \
	    rm -rf $(VENV); exit 1; \
	  fi; \
	done; \
	echo "No Python 3.11 or newer was found. Install one, then try again; or name it: make PYTHON=/path/to/python ..." >&2; \
	exit 1
