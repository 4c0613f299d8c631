# Everything a developer or a machine runs. Needs Python 3.11+, make and git; the rest is installed into .venv.
PYTHON ?= python3
UV := .venv/bin/uv
RUN := .venv/bin/python -W error::SyntaxWarning
DATA ?= $(if $(ANYSHORE_DATA),$(ANYSHORE_DATA),../shared/data)
SUITE ?= dmn-tck
SECONDS ?= 600
# A file of tests runs in one process, so that what it prepares is prepared once; those that take long begin first.
CORES ?= auto
PYTEST := .venv/bin/pytest -n $(CORES) --dist loadfile --no-loadscope-reorder

.PHONY: run demo pictures test explore lint check bench bulk conformance soak evaluate sbom audit install clean

install: .venv/.synced

.venv/.synced: pyproject.toml uv.lock official/rules.txt
	@$(PYTHON) -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Needed is Python 3.11 or later with venv (Debian: python3-venv): make PYTHON=python3.12 …"; exit 1; }
	@test -x $(UV) || { $(PYTHON) -m venv .venv && .venv/bin/python -m pip install --quiet uv; }
	@echo "Installing into .venv …" && $(UV) sync --frozen --quiet --compile-bytecode --all-extras --group dev
	@.venv/bin/python official/rules.py
	@touch $@

run: install  ## the demonstration, then the web pages until interrupted
	.venv/bin/anyshore demo --data "$(DATA)"
	.venv/bin/anyshore serve

demo: install  ## the demonstration alone
	.venv/bin/anyshore demo --data "$(DATA)"

pictures: install  ## docs/images anew, from a demonstration of its own in Chromium
	.venv/bin/python docs/pictures.py

test: install  ## on all cores, the same cases every time (CORES=0: on one, in this process)
	PYTHONHASHSEED=0 $(PYTEST)

explore: install  ## the tests that draw cases, on new ones: make explore SECONDS=3600 [SEED=7] [WHICH=tests/feel]
	$(RUN) -m tests.exploring --seconds $(SECONDS) $(if $(SEED),--seed $(SEED)) $(WHICH)

lint: install
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/djangofmt --quiet --check src/anyshore/web
	ANYSHORE_HOME=.mypy_cache/home .venv/bin/mypy
	.venv/bin/lint-imports

check: lint test  ## what CI runs, after the demonstration

bench: install
	@$(UV) sync --frozen --quiet --all-extras --group dev --group bench
	$(RUN) -m benchmarks $(BENCH)

conformance: install
	@$(RUN) -m conformance $(SUITE) "$(DATA)"

soak: install
	$(RUN) -m benchmarks.soak

bulk: install  ## an invoice process over ten million rows
	$(RUN) -m benchmarks.columns 10000000

evaluate: install
	$(RUN) -m benchmarks.evaluate "$(DATA)"

AUDITED := dist/.locked.txt

sbom: install  ## dist/anyshore.cdx.json: every component that running needs, with version and licence (CycloneDX)
	@mkdir -p dist .audit && $(UV) venv --quiet --allow-existing .audit/run && \
		VIRTUAL_ENV=.audit/run $(UV) sync --frozen --quiet --active --all-extras --no-dev
	@$(UV) run --frozen --quiet --only-group audit --isolated cyclonedx-py environment .audit/run/bin/python \
		--pyproject pyproject.toml --gather-license-texts --output-reproducible --of JSON -o dist/anyshore.cdx.json
	@echo "dist/anyshore.cdx.json"

audit: install  ## known vulnerabilities of what is locked; asks the advisory database, so it is no part of the tests
	@mkdir -p dist && $(UV) export --frozen --quiet --all-extras --no-dev --no-emit-project -o $(AUDITED)
	$(UV) run --frozen --quiet --only-group audit --isolated pip-audit --strict --disable-pip --require-hashes -r $(AUDITED)

clean:
	rm -rf .venv .audit var dist .pytest_cache .mypy_cache .ruff_cache
