# Each target is a line or two. PYTHON, PORT, DATABASE_URL and IMR_HOME may be set from outside.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
UV := $(shell command -v uv 2>/dev/null)
# uv takes seconds where it is installed; plain venv and pip do the same where it is not.
VENV = test -x $(BIN)/python || $(if $(UV),$(UV) venv -q --seed --python $(PYTHON) .venv,$(PYTHON) -m venv .venv)
INSTALL = $(if $(UV),$(UV) pip install -q --python $(BIN)/python,$(BIN)/python -m pip install -q --disable-pip-version-check)

.PHONY: setup run test check fix docs pictures bench compare goldens lock clean

setup: .venv/run.stamp ## install what the site and the command need

.venv/%.stamp: requirements/%.txt pyproject.toml
	@$(VENV)
	$(INSTALL) --require-hashes -r requirements/$*.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

run: .venv/run.stamp ## set everything up and serve the site on http://127.0.0.1:8000
	$(BIN)/imr serve --port $(PORT)

test: .venv/test.stamp ## run the whole suite
	@rm -f .coverage .coverage.*
	$(BIN)/pytest -n auto --dist loadgroup --cov --cov-report= $(ARGS)

.coverage:
	$(MAKE) test

check: .venv/test.stamp .coverage ## the gate: format, lint, types, contracts, documents, coverage; tests where they have not run
	$(BIN)/python tests/gate.py

fix: .venv/test.stamp ## format, and mend what the linter can mend
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

docs: .venv/run.stamp ## write the generated documents anew
	$(BIN)/imr docs --write

pictures: .venv/test.stamp ## take the pictures of the tour anew
	IMR_PICTURES=docs/pictures $(BIN)/pytest -q -n 0 tests/browser -k "portals or keyboard or fit_a_phone or are_sound"

bench: .venv/bench.stamp ## measure beside peers and print the ratios
	$(BIN)/python benchmarks/run.py $(ARGS)

compare: .venv/test.stamp ## gains and losses of the reader on the sample letters against the last commit
	$(BIN)/python benchmarks/compare.py $(ARGS)

goldens: .venv/test.stamp ## write the golden letters anew; review the change before committing it
	$(BIN)/python tests/golden/write.py

lock: ## resolve the requirements anew
	cd requirements && for part in run test bench; do uv pip compile -q --upgrade --generate-hashes --no-emit-index-url --python-version 3.11 $$part.in -o $$part.txt; done

clean: ## remove what was installed and built; the data of the site stays
	rm -rf .venv .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
