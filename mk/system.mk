# The system tests: real processes with sanitizers, a real database and broker.
#   SYSTEM_TESTS="test_story.py -k chief"   some of them
#   INSERVICE_LANES=24                      with another number of lanes than 6
SYSTEM_DIR := $(B)/system
SYSTEM_TESTS ?=
SYSTEM_PROGRAMS := $(foreach t,facts course matrix,$(B)/check/bin/$(t))

.PHONY: test-system
test-system: $(CONTRACT_SET) $(VENV)/made ## the whole system from outside (SYSTEM_TESTS=… for some)
	@$(MAKE) --no-print-directory V=check services $(SYSTEM_PROGRAMS)
	@$(MAKE) --no-print-directory V=release $(B)/release/bin/gateway
	@mkdir -p $(SYSTEM_DIR)
	cd tests/system && BIN=$(abspath $(B))/check/bin SYSTEM_DIR=$(abspath $(SYSTEM_DIR)) \
	  INSERVICE_LANES=$(or $(INSERVICE_LANES),6) \
	  DESCRIPTOR_SET=$(abspath $(CONTRACT_SET)) INSERVICE_SHARED=$(abspath $(or $(INSERVICE_SHARED),../shared)) \
	  PYTHONDONTWRITEBYTECODE=1 $(abspath $(VENV_PYTHON)) -B -m pytest -q -p no:cacheprovider $(SYSTEM_TESTS)

# On servers with TLS, users and rights: the letter's story without its side
# paths, and what goes wrong.
#   SECURE_TESTS="test_secure.py -k s08"    some of it
SECURE_DIR := $(B)/secure
SECURE_TESTS ?= test_story.py test_secure.py -k "secure or chief or move or leave or delet or course"
TEST_PARTS += test-secure
.PHONY: test-secure
test-secure: export SYSTEM_TESTS = $(SECURE_TESTS)
test-secure: ## the story on servers with TLS, users and rights (SECURE_TESTS=… for some)
	@STACK_SECURE=1 $(MAKE) --no-print-directory SYSTEM_DIR=$(SECURE_DIR) test-system
