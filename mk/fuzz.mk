# Fuzzers: each tests/fuzz/<name>_fuzz.c is one, with libFuzzer and sanitizers.
# Inputs that found something new stay under $(B)/corpus/<name>, and so does the
# input of a crash: give it to the program to see it again.
#   FUZZ_SECONDS=60   how long each runs (make test: 3)
#   FUZZ="http csv"   some of them
CC_FUZZ ?= clang
FUZZ ?= $(sort $(patsubst tests/fuzz/%_fuzz.c,%,$(wildcard tests/fuzz/*_fuzz.c)))
FUZZ_SECONDS ?= $(if $(filter test-fuzz,$(MAKECMDGOALS)),3,60)
CORPUS := $(B)/corpus

# Sources that a fuzzer needs in addition to lib/ and the contracts.
FUZZ_NEEDS_csv := $(addprefix services/gateway/imports/,csv.c encoding.c)
FUZZ_NEEDS_cursor := services/gateway/lists/cursor.c
FUZZ_NEEDS_form := services/gateway/request/form.c
FUZZ_NEEDS_if_match := services/gateway/request/if_match.c
FUZZ_NEEDS_unit := services/gateway/request/render.c $(wildcard services/gateway/imports/unit_*.c) \
  $(addprefix services/gateway/imports/,csv.c encoding.c import_id.c)

define fuzz_rule
$(O)/bin/$(1)_fuzz: $(call obj,tests/fuzz/$(1)_fuzz.c $(FUZZ_NEEDS_$(1))) $(O)/libinservice.a
	@mkdir -p $$(@D)
	$$(call run,$$(CC) $$(LDFLAGS) -fsanitize=fuzzer $$^ -o $$@ $$(PKG_LIBS))
$(O)/tests/fuzz/$(1)_fuzz.o: CPPFLAGS += -I.
endef
$(foreach f,$(FUZZ),$(eval $(call fuzz_rule,$(f))))
$(O)/tests/fuzz/wire_fuzz.o: $(GEN)/contract_descriptors.h

# The seeds: lines with \x escapes; for messages the golden ones.
.PHONY: fuzz-seeds fuzz-run
fuzz-seeds: $(GEN)/contract_descriptors.h $(VENV)/made
	@tools/fuzz-seeds tests/fuzz/seeds $(CORPUS) $(FUZZ)
	@mkdir -p $(CORPUS)/wire
	@$(VENV_PYTHON) -B tests/contract/seeds.py $(GEN)/contract_descriptors.h $(CORPUS)/wire
fuzz-run: fuzz-seeds $(foreach f,$(FUZZ),$(O)/bin/$(f)_fuzz)
	@tools/fuzz-programs $(B)/test/test-fuzz $(CORPUS) $(FUZZ_SECONDS) $(filter %_fuzz,$^)

can_fuzz = echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' | \
  $(CC_FUZZ) -x c -fsanitize=fuzzer,address,undefined - -o /dev/null 2>/dev/null
define no_fuzz
{ echo '*** SKIPPED: nothing was fuzzed: $(CC_FUZZ) cannot build for libFuzzer here.' >&2; \
  echo '*** Install clang and libclang-rt-14-dev and run the target again.' >&2; }
endef
fuzz_all = $(MAKE) --no-print-directory V=fuzz CC=$(CC_FUZZ) FUZZ_SECONDS=$(FUZZ_SECONDS) fuzz-run

.PHONY: fuzz test-fuzz
fuzz: ## every fuzzer for FUZZ_SECONDS=60 (FUZZ="csv http" for some)
	@if $(can_fuzz); then $(fuzz_all); else $(no_fuzz); exit 1; fi
test-fuzz: ## every fuzzer for three seconds
	@mkdir -p $(B)/test
	@if $(can_fuzz); then $(fuzz_all); else $(no_fuzz); echo 0 0 1 >$(B)/test/$@.count; fi
