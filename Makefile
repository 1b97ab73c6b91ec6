# The two commands of the README. Each does all the set-up that a fresh clone needs: Python 3.11 or newer, make and git.
PYTHON ?= python3
BIN := .venv/bin
WORKSPACE ?= workspace

.PHONY: app test check bench clean

app: .venv/.app workspace/manifest.json
	$(BIN)/tierline app --workspace $(WORKSPACE)

test: .venv/.test check
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

check: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

# Everything from 20,000 to 1,000,000 leads takes most of an hour; LEADS=20000 is the quick form.
bench: .venv/.bench
	$(BIN)/python -m benchmarks.run $(if $(LEADS),--leads $(LEADS)) $(if $(DATA),--data $(DATA)) $(if $(ENTRY),--entry)

workspace/manifest.json: | .venv/.app
	$(BIN)/tierline demo --workspace workspace --leads 20000

.venv/bin/python:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip

.venv/.app: pyproject.toml requirements.lock | .venv/bin/python
	$(BIN)/python -m pip install --quiet --editable . --constraint requirements.lock
	touch $@

.venv/.test: pyproject.toml requirements.lock | .venv/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[test]' --constraint requirements.lock
	touch $@

.venv/.bench: .venv/.test
	$(BIN)/python -m pip install --quiet --editable '.[test,bench]' --constraint requirements.lock
	touch $@

clean:
	rm -rf .venv workspace
