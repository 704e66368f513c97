# Tests. `make test` runs every part; each part runs alone, too.
#
# A part is a target `test-<name>`, in its own file under mk/. Parts of
# TEST_ORDER run if they are defined. Others add themselves by `TEST_PARTS +=
# test-<name>` and run after those. A part may write three numbers (passed
# failed skipped) to $(B)/test/<part>.count; otherwise they are read from the
# closing lines of cmocka and pytest. It fails by its exit code.
JOBS ?= 2
TEST_ORDER := test-unit test-thread test-sql test-contract test-sim test-system test-fault test-fuzz
parts_defined = $(foreach p,$(TEST_ORDER),$(if $(shell grep -lE '^([^#=:]* )?$(p)( [^=:]*)?:([^=]|$$)' $(MAKEFILE_LIST)),$(p)))
parts = $(parts_defined) $(filter-out $(TEST_ORDER),$(TEST_PARTS))

.PHONY: test
test: ## all tests, from an empty folder: packages, both builds, every part
	@env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL tools/test-parts \
	  "B=$(B) CC=$(CC) JOBS=$(JOBS)" $(B)/test $(parts)

# --- unit tests: one program for each tests/unit/**/*_test.c -------------------
# Other sources in a test's folder or above it are linked where they are used,
# and so is the service that the folder is named after.
UNIT_C := $(sort $(shell find tests/unit -name '*_test.c' 2>/dev/null))
UNIT_AID_C := $(sort $(shell find tests/unit -name '*.c' -not -name '*_test.c' 2>/dev/null))
unit_bin = $(patsubst tests/unit/%.c,$(O)/unit/%,$(1))
unit_service = $(filter $(SERVICES),$(word 3,$(subst /, ,$(1))))
unit_aids = $(sort $(foreach c,$(UNIT_AID_C),$(if $(filter $(dir $(c))%,$(1)),$(dir $(c)))))
unit_aid_archive = $(patsubst tests/unit/%,$(O)/unit/%aids.a,$(1))
$(O)/tests/unit/%.o: CPPFLAGS += -Itests/unit
UNIT_GROUP := -Wl,--start-group
UNIT_GROUP_END := -Wl,--end-group
define unit_aid_rule
$(call unit_aid_archive,$(1)): $(call obj,$(filter-out %_test.c,$(wildcard $(1)*.c)))
	@mkdir -p $$(@D)
	@rm -f $$@
	$$(call run,$$(AR) rcs $$@ $$^)
endef
define unit_rule
$(call unit_bin,$(1)): $(call obj,$(1)) $(foreach d,$(call unit_aids,$(1)),$(call unit_aid_archive,$(d))) \
  $(foreach s,$(call unit_service,$(1)),$(O)/lib$(s).a) $(O)/libinservice.a
	@mkdir -p $$(@D)
	$$(call run,$$(CC) $$(LDFLAGS) $$(UNIT_GROUP) $$^ $$(UNIT_GROUP_END) -o $$@ -lcmocka $$(PKG_LIBS))
endef
$(foreach d,$(sort $(dir $(UNIT_AID_C))),$(eval $(call unit_aid_rule,$(d))))
$(foreach t,$(UNIT_C),$(eval $(call unit_rule,$(t))))

.PHONY: test-unit test-thread
ifeq ($(V),check)
test-unit: $(call unit_bin,$(UNIT_C))
	@tools/test-programs $(B)/test/test-unit $(O)/unit/ $^
else
test-unit: ## unit tests in C, with sanitizers (UNIT_C=… for some of them)
	@$(MAKE) --no-print-directory V=check $@
endif

# The chassis and the gateway have threads, so their tests also run under the
# thread sanitizer.
THREAD_C := $(filter tests/unit/chassis/% tests/unit/gateway/%,$(UNIT_C))
ifeq ($(V),thread)
test-thread: $(call unit_bin,$(THREAD_C))
	@tools/test-programs $(B)/test/test-thread $(O)/unit/ $^
else
test-thread: ## tests of what has threads, under the thread sanitizer
	@$(MAKE) --no-print-directory V=thread $@
endif

# --- Python parts ----------------------------------------------------------------
.PHONY: venv
venv: $(VENV)/made ## the Python environment of the tests
$(VENV)/made: tests/requirements.txt
	@rm -rf $(VENV)
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install -q --disable-pip-version-check --no-deps -r $<
	@touch $@
