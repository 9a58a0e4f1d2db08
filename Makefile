# Two commands for a fresh machine: make demo, make test. Everything lands in .venv beside this file.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
DEMO := demo-instance

.PHONY: demo test test-elastic test-postgres lint constraints clean
.DELETE_ON_ERROR:

# The newest fitting Python that really starts (a pyenv shim may not), with venv and pip to fill it.
$(READY): pyproject.toml constraints.txt deploy/find-python.sh
	@python=$$(sh deploy/find-python.sh) || exit 1; \
	echo "准备运行环境（$$($$python --version)），第一次约需一到两分钟……"; \
	if ! $(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then rm -rf $(VENV); $$python -m venv $(VENV); fi
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $(READY)

demo: $(READY)
	@$(BIN)/python -m demo --instance $(DEMO)

test: $(READY)
	@$(BIN)/python -m pytest

# The search contract and everything about Elasticsearch on real servers (Java 17 and Maven; 9.5.0 besides where a JDK 21 is).
test-elastic: $(READY)
	@$(BIN)/python -m tests.elastic.run

# The records on a real PostgreSQL (its Debian package).
test-postgres: $(READY)
	@$(BIN)/python -m tests.records.postgres

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/mypy

# Pins of everything that pyproject.toml asks for, made anew in an empty environment (documented in CONTRIBUTING.md).
constraints:
	@sh deploy/make-constraints.sh > constraints.txt.new && mv constraints.txt.new constraints.txt

clean:
	rm -rf $(VENV) $(DEMO) build dist *.egg-info
