# Two commands matter: `make demo` and `make test`. `make help` lists the others.
PYTHON ?= python3
BIN := .venv/bin
DEMO := .demo
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python

.PHONY: help setup demo test check bench web lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | awk -F'\t' '{printf "  make %-8s %s\n", $$1, $$2}'

$(BIN)/uv: requirements-install.lock
	@test -x $(BIN)/python || $(PYTHON) tools/make_venv.py
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-install.lock
	@touch $@

$(BIN)/.runtime: $(BIN)/uv requirements.lock requirements.in pyproject.toml hatch_build.py
	@echo "Installing Bihuan ..."
	@$(UV) --require-hashes -r requirements.lock
	@$(UV) --no-deps --no-build-isolation -e .
	@touch $@

$(BIN)/.dev: $(BIN)/.runtime requirements-dev.lock
	@echo "Installing what the tests need ..."
	@$(UV) --require-hashes -r requirements-dev.lock
	@touch $@

web/node_modules/.installed: $(BIN)/.runtime web/package-lock.json web/package.json
	@echo "Installing what the web app is built with ..."
	@cd web && npm ci --silent --no-audit --no-fund
	@touch $@

src/bihuan/web/index.html: web/node_modules/.installed $(shell find web/src web/public web/widget web/index.html web/vite.config.ts -type f 2>/dev/null)
	@echo "Building the web app ..."
	@cd web && npm run build --silent
	@touch $@

setup: $(BIN)/.runtime src/bihuan/web/index.html ## make .venv with the `bihuan` command, and build the web app
	@echo "Ready: $(BIN)/bihuan --help"

demo: setup ## start the whole product with a simulated brokerage; Ctrl-C ends it
	@exec $(BIN)/bihuan demo --data $(DEMO)

web: src/bihuan/web/index.html ## build the web app

test: setup $(BIN)/.dev ## everything: lint, types, contracts, unit, room, loop, fault and browser tests
	@tools/install_browser.sh
	@$(MAKE) --no-print-directory static
	@cd web && npm run check --silent && npm test --silent
	@$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

check: $(BIN)/.dev ## format, lint, types, contracts and the fast tests; under a minute
	@$(MAKE) --no-print-directory static
	@$(BIN)/pytest -n 2 --dist loadfile -m "not engine and not slow and not browser and not fault"

.PHONY: static
static: $(BIN)/.dev
	@$(BIN)/ruff format --check --quiet src tests benchmarks tools || { echo "run: $(BIN)/ruff format src tests benchmarks tools"; exit 1; }
	@$(BIN)/ruff check --quiet src tests benchmarks tools
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports
	@$(BIN)/pytest --doctest-modules --ignore src/bihuan/kit/migrations src/bihuan  # the examples in docstrings

bench: setup $(BIN)/.dev ## all benchmarks, one JSON object each
	@for b in benchmarks/[a-z]*.py; do echo "$$b"; $(BIN)/python -m benchmarks.$$(basename $$b .py) --json > .bench || failed=1; tail -1 .bench; done; rm -f .bench; exit $${failed:-0}

lock: $(BIN)/.dev ## resolve the dependencies again
	@tools/lock.sh

clean: ## forget the demo's data
	@test ! -x $(BIN)/python || $(BIN)/python -c "from pathlib import Path; from bihuan.kit.engines import forget; forget(Path('$(DEMO)'))"
	@echo "The demo's data is gone."
