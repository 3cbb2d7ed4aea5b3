# Two commands do all the set-up: `make run` and `make test`. Only Python 3.11 or newer is needed beforehand.

PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv
NPM := $(BIN)/python scripts/npm.py

.PHONY: run dev test lint format bench web openapi requirements clean help

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: .venv/run.stamp web/dist/index.html ## The console, the outside world and a demo merchant, on this machine
	@$(BIN)/python -m demo run

dev: .venv/dev.stamp web/node_modules/.stamp ## The same, restarting when the code changes; the console by Vite
	@$(BIN)/python -m demo run --reload

test: .venv/dev.stamp web/dist/index.html ## Lint, types, contracts, Python on both databases, front end, browser
	@$(BIN)/python scripts/test.py

lint: .venv/dev.stamp web/node_modules/.stamp ## Lint, types and import contracts alone
	@$(BIN)/python scripts/test.py lint

format: .venv/dev.stamp ## Format the Python code
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

bench: .venv/dev.stamp ## Every figure beside a reference from the same run
	@$(BIN)/yutang bench

web: web/dist/index.html ## Build the console

openapi: .venv/run.stamp ## Write the schema the console's client is generated from
	@$(BIN)/yutang openapi --output web/openapi.json && $(NPM) run --silent generate

requirements: .venv/bin/uv ## Pin every package with hashes
	@for name in uv run dev node; do $(UV) pip compile -q --upgrade --generate-hashes --no-header requirements/$$name.in -o requirements/$$name.txt; done

clean: ## Remove what was built; keeps var/, where the data lives
	rm -rf .venv web/node_modules web/dist

.venv/bin/uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit("Yutang needs Python 3.11 or newer; this is %d.%d." % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/run.stamp: requirements/run.txt pyproject.toml .venv/bin/uv
	@echo "Installing Python packages …"
	@$(UV) pip install -q --python $(BIN)/python --require-hashes -r requirements/run.txt
	@$(UV) pip install -q --python $(BIN)/python --no-build-isolation --no-deps -e .
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/run.stamp
	@echo "Installing packages for tests …"
	@$(UV) pip install -q --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

web/node_modules/.stamp: web/package-lock.json .venv/run.stamp
	@echo "Installing front-end packages …"
	@$(NPM) ci --silent --no-audit --no-fund
	@touch $@

web/dist/index.html: web/node_modules/.stamp $(shell find web/src web/public web/index.html web/vite.config.ts -type f 2>/dev/null)
	@echo "Building the console …"
	@$(NPM) run --silent build -- --logLevel warn
	@touch $@
