# The system as people see it: `make run` keeps it running, `make demo` tells
# the letter's story with it. Each has its own stack.
#   ORGANIZATIONS=file   run: loads this list instead of the small county
#   PORT=n               run: the gateway listens there (default 8080)
#   INSERVICE_LANES=n    how many lanes a new installation has (default 6)
$(O)/tools/facts.o: $(GEN)/contract_descriptors.h
lint-tidy lint-cppcheck lint-analyzer: $(GEN)/contract_descriptors.h

PLAY_PROGRAMS := services $(foreach t,facts course,$(O)/bin/$(t))
.PHONY: run demo
run: ## the whole system until Ctrl-C, with a small county in it
	@tools/deps run
	@$(MAKE) -s --no-print-directory -j2 V=release $(PLAY_PROGRAMS:$(O)/%=$(B)/release/%)
	@BIN=$(B)/release/bin STACK_DIR=$(STACK_DIR) tools/run
demo: ## the letter's own story, from a bare machine to its end
	@tools/deps run
	@$(MAKE) -s --no-print-directory -j2 V=release $(PLAY_PROGRAMS:$(O)/%=$(B)/release/%)
	@BIN=$(B)/release/bin STACK_DIR=$(B)/demo/stack tools/demo
