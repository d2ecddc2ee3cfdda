# Each target is a line or two. PYTHON, PORT, DATABASE_URL and IMR_HOME may be set from outside.
PYTHON ?= python3
PORT ?= 8000
# Where `make long` writes what it measured.
MEASURED ?= docs/measured.md
BIN := .venv/bin
# Modules are compiled once, not by each of the many processes of the site and of its tests.
export PYTHONDONTWRITEBYTECODE :=
# The requirements are locked by uv, so uv installs them: pip, whose rules differ, installs uv alone, pinned and hashed.
UV := $(BIN)/uv

.PHONY: setup run test long check fix docs pictures bench compare goldens lock sbom audit clean

setup: .venv/run.stamp ## install what the site and the command need

.venv/uv.stamp: requirements/uv.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/uv.txt
	@touch $@

.venv/%.stamp: requirements/%.txt pyproject.toml .venv/uv.stamp
	$(UV) pip install -q --python $(BIN)/python --require-hashes -r requirements/$*.txt
	$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

run: .venv/run.stamp ## set everything up and serve the site on http://127.0.0.1:8000
	$(BIN)/imr serve --port $(PORT)

# `make test COVER=1` also measures coverage, for `make check`; it doubles the processor time of what is pure Python.
# A choice by ARGS may leave no tests (5).
test: .venv/test.stamp ## run the quick tests, which every change runs
	@rm -f .coverage .coverage.*
	$(BIN)/pytest -m "not long" -n auto --dist worksteal $(if $(COVER),--cov --cov-report=) $(ARGS) || test $$? = 5

long: .venv/test.stamp ## run the rest, which a release runs, and write what it measured
	$(BIN)/pytest -m "property and not long" -n auto --dist worksteal --hypothesis-profile=long $(ARGS) || test $$? = 5
	$(BIN)/pytest -m long --measured=$(MEASURED) $(ARGS)

.coverage:
	$(MAKE) test COVER=1

check: .venv/test.stamp .coverage ## the gate: format, lint, types, contracts, documents, coverage; the tests where none was measured
	$(BIN)/python tests/gate.py

fix: .venv/test.stamp ## format, and fix what the linter can fix
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

docs: .venv/run.stamp ## write the generated documents again
	$(BIN)/python -m tools.documents --write

pictures: .venv/test.stamp ## take the pictures of the tour again
	IMR_PICTURES=docs/pictures $(BIN)/pytest -q -n 0 tests/browser -k "portals or keyboard or fit_a_phone or are_sound"

bench: .venv/bench.stamp ## measure beside peers and print the ratios
	$(BIN)/python benchmarks/run.py $(ARGS)

compare: .venv/test.stamp ## gains and losses of the reader on the sample letters against the last commit
	$(BIN)/python benchmarks/compare.py $(ARGS)

goldens: .venv/test.stamp ## write the golden letters again, and new golden events; review the change before committing it
	$(BIN)/python -m tests.golden.write

# `make lock UPGRADE=` keeps every version that still fits.
UPGRADE ?= --upgrade
COMPILE := ../$(UV) pip compile -q $(UPGRADE) --generate-hashes --no-emit-index-url --python-version 3.11
lock: .venv/uv.stamp ## resolve the requirements again: those of pyproject.toml, and what each part needs on top
	cd requirements && $(COMPILE) --no-annotate uv.in -o uv.txt
	cd requirements && for part in run test bench; do $(COMPILE) ../pyproject.toml --extra all $$part.in -o $$part.txt; done
	cd requirements && $(COMPILE) audit.in -o audit.txt

sbom: .venv/test.stamp ## write the bill of materials of this version (CycloneDX) into build/
	$(BIN)/python -m tools.bill_of_materials build

audit: .venv/test.stamp .venv/audit.stamp ## ask the network for known weaknesses of the locked packages
	$(BIN)/pip-audit --strict --disable-pip --require-hashes -r requirements/run.txt $(ARGS)

clean: ## remove what was installed and built; the data of the site stays
	rm -rf .venv .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
