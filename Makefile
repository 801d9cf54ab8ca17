# What a newcomer types: `make run` and `make test`. Everything is put into .venv and DATA; nothing is installed elsewhere,
# but for Chromium, which `make test` installs on Debian as root where it is missing.

PORT ?= 8000
DATA ?= ./var
PYTHON ?= python3
# Processes that run the tests side by side: on two cores a third one works while a browser or a clock is waited for.
JOBS ?= 3
# What benchmarks are given, for example BENCH=--quick.
BENCH ?=

VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv pip

.PHONY: run test kills lint bench requirements clean
.DEFAULT_GOAL := run

run: $(VENV)/run.done
	@exec $(BIN)/balabaqsha up --port "$(PORT)" --data "$(DATA)"

test: $(VENV)/test.done
	@CHROMIUM="$$(.ci/chromium)" && export CHROMIUM && exec $(BIN)/pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder -q

# Processes killed at so many moments each, disks filled, clocks set back: some twenty minutes.
KILLS ?= 20

kills: $(VENV)/test.done
	@BALABAQSHA_KILLS=$(KILLS) $(BIN)/pytest tests/kills src/balabaqsha/web/crowd/tests/test_kills.py -s

lint: $(VENV)/test.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/test.done
	@for file in benchmarks/*.py; do [ ! -e "$$file" ] || $(BIN)/python "$$file" $(BENCH) || exit 1; done

# Pin the newest versions that requirements/*.in allow. Neither addresses nor the order of this machine get into the files.
requirements: $(VENV)/run.done
	cd requirements && for name in uv run test; do \
		../$(UV) compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 --no-header \
			$$([ $$name = run ] || echo --constraint run.txt) $$name.in --output-file $$name.txt || exit 1; \
	done

clean:
	rm -rf $(VENV) build src/*.egg-info

$(VENV)/python.done:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv is missing; on Debian: apt-get install python3-venv" >&2; exit 2; }
	@touch $@

$(VENV)/uv.done: requirements/uv.txt $(VENV)/python.done
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

$(VENV)/run.done: requirements/run.txt pyproject.toml $(VENV)/uv.done
	@$(UV) install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements/run.txt
	@$(UV) install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/test.done: requirements/test.txt $(VENV)/run.done
	@$(UV) install --quiet --python $(BIN)/python --require-hashes -r requirements/test.txt
	@touch $@
