# Checks that run no program of the project. Each check runs alone, too.
lint-tidy lint-cppcheck lint-analyzer: $(GEN)/gateway_openapi.h
C_FILES = $(sort $(shell find lib services tools tests -name '*.[ch]' 2>/dev/null))
C_SOURCES = $(sort $(shell find lib services tools -name '*.c' 2>/dev/null))
LINT := $(B)/lint
LINT_FLAGS = $(CPPFLAGS) $(PKG_CFLAGS) -DFAILPOINTS -std=gnu17
$(LINT)/tidy/lib/chassis/service.ok $(LINT)/analyzer/lib/chassis/service.ok: CPPFLAGS += -DVERSION='"$(VERSION)"'

LINTS := lint-layers lint-shape lint-names lint-words lint-format lint-cppcheck \
  lint-tidy lint-analyzer lint-proto
.PHONY: lint fmt $(filter-out lint-proto,$(LINTS))
lint: ## every check without running anything, 0 findings
	@tools/deps run lint
	@$(MAKE) -s --no-print-directory -k $(LINTS)

lint-layers: ## no include across layers that is not allowed
	@tools/lint/layers $(C_FILES)
lint-shape: ## length and depth of functions, length of files
	@tools/lint/shape $(C_FILES)
lint-names: ## names of files, tests beside their sources, forbidden functions
	@tools/lint/names
lint-words: ## no word in comments and documents that is hard to read
	@tools/lint/words
lint-format: ## clang-format has nothing to change
	@clang-format --dry-run -Werror $(C_FILES)
fmt: ## clang-format changes what it must
	@clang-format -i $(C_FILES)

lint-cppcheck: $(GEN_H) ## cppcheck
	@mkdir -p $(LINT)/cppcheck
	@cppcheck --quiet --enable=warning,performance,portability --inline-suppr --std=c11 \
	  --error-exitcode=1 --cppcheck-build-dir=$(LINT)/cppcheck --template=gcc -j 2 \
	  --library=posix,gnu --suppressions-list=tools/lint/cppcheck-suppressions \
	  -D_GNU_SOURCE -DFAILPOINTS -D__GNUC__=12 -Ilib -Iservices $(C_SOURCES)

# One file at a time. The result is kept until the file, a header beside it, or
# the choice of checks changes.
lint-tidy: $(GEN_H) ## clang-tidy on what changed since it last passed
	@$(MAKE) -s --no-print-directory -k -j2 $(C_SOURCES:%.c=$(LINT)/tidy/%.ok)
define tidy_rule
$(patsubst %.c,$(LINT)/tidy/%.ok,$(1)): $(1) .clang-tidy $(wildcard $(dir $(1))*.h)
	@mkdir -p $$(@D)
	@clang-tidy --quiet $$< -- $$(LINT_FLAGS) 2>$$(@:.ok=.log) || { grep -v ' generated\.$$$$' $$(@:.ok=.log); exit 1; }
	@touch $$@
endef
ifneq ($(filter $(LINT)/tidy/%,$(MAKECMDGOALS)),)
$(foreach c,$(C_SOURCES),$(eval $(call tidy_rule,$(c))))
endif

# The same way. Exceptions, and why: an invalid iconv_t is no memory; realloc()
# keeps the texts that the array points to.
ANALYZER_lib/chassis/lane/audit_state.c := -Wno-analyzer-malloc-leak
ANALYZER_lib/chassis/lane/audit_topic.c := -Wno-analyzer-malloc-leak
ANALYZER_services/gateway/imports/encoding.c := -Wno-analyzer-malloc-leak
lint-analyzer: $(GEN_H) ## gcc -fanalyzer on what changed since it last passed
	@$(MAKE) -s --no-print-directory -k -j2 $(C_SOURCES:%.c=$(LINT)/analyzer/%.ok)
define analyzer_rule
$(patsubst %.c,$(LINT)/analyzer/%.ok,$(1)): $(1) $(wildcard $(dir $(1))*.h)
	@mkdir -p $$(@D)
	@gcc $$(LINT_FLAGS) -O1 -fanalyzer -Werror $(ANALYZER_$(1)) -c $$< -o /dev/null
	@touch $$@
endef
ifneq ($(filter $(LINT)/analyzer/%,$(MAKECMDGOALS)),)
$(foreach c,$(C_SOURCES),$(eval $(call analyzer_rule,$(c))))
endif
