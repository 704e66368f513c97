# Faults on a real Kafka and a real PostgreSQL, judged by an independent checker.
#   FAULT_TESTS="test_kill.py -k account"   some of them
#   INSERVICE_LANES=6                       with fewer lanes than 24
#   SEED=…       repeats a run; FAULT_CELLS=…, GATEWAY_CELLS=… cells of the
#                kill matrices, the owners' and the gateway's
FAULT_DIR := $(B)/fault
FAULT_TESTS ?=
FAULT_CELLS ?= 40
GATEWAY_CELLS ?= 12
fault_run = cd tests/fault && BIN=$(abspath $(B))/check/bin FAULT_DIR=$(abspath $(FAULT_DIR)) \
  INSERVICE_LANES=$(or $(INSERVICE_LANES),24) \
  DESCRIPTOR_SET=$(abspath $(CONTRACT_SET)) FAULT_CELLS=$(FAULT_CELLS) \
  GATEWAY_CELLS=$(GATEWAY_CELLS) SEED=$(SEED) \
  PYTHONDONTWRITEBYTECODE=1 $(1) $(abspath $(VENV_PYTHON)) -B -m pytest -q -p no:cacheprovider \
  --durations=8 $(2)
# These have servers of their own. Lost topics and backups: rows of the journal
# that are older than the topics would keep them are not published again, and
# other tests make such. An upgrade: begins with the schema of another build.
FAULT_ALONE := $(addprefix test_,$(addsuffix .py,topics_lost backup upgrade))
fault_runs = $(if $(FAULT_TESTS),($(call fault_run,$(1),$(FAULT_TESTS))),\
  status=0; ($(call fault_run,$(1),$(FAULT_ALONE:%=--ignore=%))) || status=$$?; \
  $(foreach t,$(FAULT_ALONE),($(call fault_run,$(1),$(t))) || status=$$?;) exit $$status)

.PHONY: test-fault fault-long fault-check
test-fault: $(CONTRACT_SET) $(VENV)/made ## faults within sixteen minutes (SEED=… repeats, FAULT_TESTS=… some)
	@$(MAKE) --no-print-directory V=check services
	@mkdir -p $(FAULT_DIR)
	@$(call fault_runs,)
fault-long: $(CONTRACT_SET) $(VENV)/made ## every failpoint × class of work × action, long outages: hours
	@$(MAKE) --no-print-directory V=check services
	@mkdir -p $(FAULT_DIR)
	@$(call fault_runs,FAULT_LONG=1)
fault-check: $(CONTRACT_SET) $(VENV)/made ## the checker on the stack that runs (STACK_DIR=…)
	$(VENV_PYTHON) -B tests/fault/check.py --env $(STACK_DIR)/env --descriptors $(CONTRACT_SET)
