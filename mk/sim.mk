# The seeded simulation: pure cores in a model of the shell, one process.
#
# Both services in one program: each is linked into one object whose own names
# are hidden, so that equal names of two services do not meet.
SIM_STEPS ?= 1000000
SIM_SEED ?=
SIM_SERVICES := account teacher
SIM_KEPT := core inputs handlers settings
sim_object = $(O)/sim/$(1).o
define sim_service_rule
$(call sim_object,$(1)): $(O)/lib$(1).a
	@mkdir -p $$(@D)
	$$(call run,ld -r --whole-archive $$< -o $$@)
	@objcopy $(foreach n,$(SIM_KEPT),--keep-global-symbol=$(1)_$(n)) $$@
endef
$(foreach s,$(SIM_SERVICES),$(eval $(call sim_service_rule,$(s))))

SIM_MAINS := tests/sim/main.c tests/sim/rules_test.c
SIM_MODEL := $(filter-out $(SIM_MAINS),$(sort $(wildcard tests/sim/*.c)))
SIM_CORES := $(foreach s,$(SIM_SERVICES),$(call sim_object,$(s)))
$(O)/bin/sim: $(call obj,tests/sim/main.c $(SIM_MODEL)) $(SIM_CORES) $(O)/libinservice.a
	@mkdir -p $(@D)
	$(call run,$(CC) $(LDFLAGS) $^ -o $@ $(PKG_LIBS))
$(O)/bin/sim-rules: $(call obj,tests/sim/rules_test.c $(SIM_MODEL)) $(SIM_CORES) $(O)/libinservice.a
	@mkdir -p $(@D)
	$(call run,$(CC) $(LDFLAGS) $^ -o $@ -lcmocka $(PKG_LIBS))

# tests/lane/model_test.c compares the model with the lane.
$(O)/lane/model_test: $(call obj,tests/lane/model.c $(SIM_MODEL)) $(SIM_CORES)

# One run from seed 1 with few lanes, so that a change shows at once, and one from
# a new seed with many.
.PHONY: test-sim sim-mutants sim-long
ifeq ($(V),check)
test-sim: $(O)/bin/sim $(O)/bin/sim-rules
	@mkdir -p $(B)/test
	$(O)/bin/sim-rules
	$(O)/bin/sim --seed 1 --steps $(SIM_STEPS) --lanes 6
	$(O)/bin/sim $(if $(SIM_SEED),--seed $(SIM_SEED)) --steps $(SIM_STEPS)
	@echo 13 0 0 >$(B)/test/$@.count
sim-mutants: $(O)/bin/sim
	$(O)/bin/sim --mutants 1 --seed 1 --steps 1000000
sim-long: $(O)/bin/sim
	$(O)/bin/sim $(if $(SIM_SEED),--seed $(SIM_SEED)) --steps 10000000
else
test-sim: ## the simulation: the lane's rules both ways, two runs (SIM_SEED=, SIM_STEPS=)
sim-mutants: ## how many planted flaws the simulation notices
sim-long: ## ten million steps
test-sim sim-mutants sim-long:
	@$(MAKE) --no-print-directory V=check $@
endif
