# SQL against a real PostgreSQL: statements, plans, schemas, roles.
#   SQL_TESTS="test_lists.py -k school"   some of them
SQL_DIR := $(B)/sql

.PHONY: test-sql
test-sql: $(VENV)/made ## every statement against the migrated schemas
	@$(MAKE) --no-print-directory V=check services
	@mkdir -p $(SQL_DIR)
	cd tests/sql && BIN=$(abspath $(B))/check/bin SQL_DIR=$(abspath $(SQL_DIR)) \
	  ASAN_OPTIONS=detect_leaks=0 $(abspath $(VENV_PYTHON)) -B -m pytest -q -p no:cacheprovider $(or $(SQL_TESTS),.)
