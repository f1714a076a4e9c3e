# Two commands for a newcomer: `make run` and `make test`. Both do all set-up themselves.
.POSIX:
.PHONY: help setup setup-dev setup-bench run check test bench bench-web bundle lock clean

BIN = .venv/bin
OUT = var

help:
	@echo 'make run     set up; load a fictional district, plan, serve it: says the address and who may log in'
	@echo 'make test    set up; all checks and all tests, the database'\''s also on PostgreSQL'
	@echo 'make check   set up; ruff, mypy, import-linter, djlint; no migration missing'
	@echo 'make bench   set up; this planner and its peers side by side'
	@echo 'make bench-web  set up; the pages at 20,000 enterprises and 60,000 members'
	@echo 'make bundle  one archive that installs where no registry can be asked'
	@echo 'make setup   only set up (.venv, and the assets of the pages)'
	@echo 'make lock    write requirements/*.txt anew from pyproject.toml'
	@echo 'make clean   remove .venv, $(OUT), the assets of the pages and caches'

setup:
	@scripts/setup runtime

setup-dev:
	@scripts/setup dev

setup-bench:
	@scripts/setup bench

run: setup
	@scripts/run

check: setup-dev
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet src/feigong/web
	PYTHONPATH=tests $(BIN)/python -m django makemigrations --check --dry-run --settings testing_settings

test: check
	@scripts/chromium
	$(BIN)/coverage erase
	scripts/postgres run $(BIN)/pytest -n 2 --dist worksteal -rs --database --cov --cov-append --cov-report=
	unset DATABASE_URL; $(BIN)/pytest -n 2 --dist worksteal -rs --cov --cov-append --cov-report=term:skip-covered

bench: setup-bench
	$(BIN)/python -m benchmarks

bench-web: setup-bench
	$(BIN)/python -m benchmarks.web

bundle: setup
	@scripts/bundle

COMPILE = $(BIN)/uv pip compile --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --quiet
LOCK = $(COMPILE) pyproject.toml requirements/build.in

lock: setup-dev
	$(LOCK) $(UPGRADE) -o requirements/runtime.txt
	$(LOCK) $(UPGRADE) --extra cluster --group dev -c requirements/runtime.txt -o requirements/dev.txt
	$(LOCK) $(UPGRADE) --extra cluster --group dev --group bench -c requirements/dev.txt -o requirements/bench.txt
	$(COMPILE) $(UPGRADE) requirements/node.in -o requirements/node.txt
	scripts/assets lock $(UPGRADE)
	@! grep -n '://' requirements/*.txt package-lock.json

clean:
	rm -rf .venv $(OUT) src/feigong/web/static/vendor src/feigong/exchange/documents/fonts .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage htmlcov
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
