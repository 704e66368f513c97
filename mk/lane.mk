# The real shell of the lane and the database's library, in seconds: a
# PostgreSQL of their own and librdkafka's mock cluster. LANE="db" for one.
# `model` compares the model of tests/sim with the lane.
LANE ?= consume db lane lost model
LANE_AID_C := tests/lane/fixture.c tests/unit/chassis/lane/units.c
define lane_rule
$(O)/lane/$(1)_test: $(call obj,tests/lane/$(1)_test.c $(LANE_AID_C)) $(O)/libinservice.a
	@mkdir -p $$(@D)
	$$(call run,$$(CC) $$(LDFLAGS) $$(UNIT_GROUP) $$^ $$(UNIT_GROUP_END) -o $$@ -lcmocka $$(PKG_LIBS))
endef
$(O)/tests/lane/%.o: CPPFLAGS += -Itests
$(foreach t,$(LANE),$(eval $(call lane_rule,$(t))))

TEST_PARTS += test-lane
.PHONY: test-lane
ifeq ($(V),check)
test-lane: $(foreach t,$(LANE),$(O)/lane/$(t)_test)
	@tests/lane/run $(abspath $(B))/lane $(B)/test/test-lane $(O)/lane/ $^
else
test-lane: ## the lane and the database against real servers (LANE="consume db lane lost model")
	@$(MAKE) --no-print-directory V=check $@
endif
