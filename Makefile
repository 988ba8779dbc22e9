# Two commands are enough: `make run` and `make test`. Nothing but Python 3.11 and make is needed.
# Debian builds its Python optimised; one built by hand, as by pyenv, is often a third slower.
PYTHON ?= $(firstword $(wildcard /usr/bin/python3.11) python3)
BIN = .venv/bin

.PHONY: help run test check bench vendor install install-dev

help:
	@echo "make run     install, start everything on 127.0.0.1:8000, and say where to look"
	@echo "make test    install, check the style, run every test"
	@echo "make check   linters and types only"
	@echo "make bench   the benchmarks, each with its limit in the same run"
	@echo "make vendor  fetch the pinned browser libraries again (maintainers only)"

run: install
	@exec $(BIN)/waypost run

test: install-dev check
	@scripts/chromium
	@$(BIN)/pytest

check: install-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy waypost tests scripts bench
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/djlint --lint --quiet waypost

bench: install-dev
	@$(BIN)/python -m bench

vendor:
	@$(PYTHON) scripts/vendor.py

install:
	@$(PYTHON) scripts/install.py

install-dev:
	@$(PYTHON) scripts/install.py --dev
