# Tables in the code, printed as documents; and checks that every table, file
# and document that a message or route needs is there.
TEST_PARTS += test-house
HOUSE_TESTS := tests/contract/house_test.py tests/contract/book_test.py tests/contract/names_test.py tests/contract/commands_test.py tests/contract/sql_names_test.py
.PHONY: docs statements test-house
docs: services ## docs/{settings,metrics,events,messages,routes,account-states,authority}.md as the programs print them
	tools/print-docs $(O)/bin docs
statements: services ## statements of the stores in services/*/sql/query, from their columns
	tools/print-statements --into-tree $(O)/bin
test-house: $(foreach s,$(SERVICES),$(O)/bin/$(s)) $(VENV)/made ## nothing was forgotten: tables, files, documents
	BIN=$(abspath $(O)/bin) $(VENV_PYTHON) -B -m pytest -q -p no:cacheprovider $(HOUSE_TESTS)
