# `make bench`: measures the system against the best its parts could do, on a
# real Kafka and a real PostgreSQL. Prints a table, writes bench.json.
#   BENCH_ROUNDS=3 BENCH_SECONDS=6          how often, how long
#   BENCH_WARM_UP=20                        seconds before the first HTTP round
#   BENCH_ROWS="service http lists"         some of the parts; `make bench-list`
#                                           names them
#   BENCH_TEACHERS=300000                   how many; several (10000,100000,300000)
#                                           print the growth table: the last has
#                                           all parts, the others those that grow
#   BENCH_ACCOUNTS=100000                   logins; default: a third of the teachers
#   BENCH_LANES="6 24"                      numbers of lanes; all parts for the
#                                           first, for others those that differ
#   BENCH_STACK=folder                      stacks to keep, filled once:
#                                           folder-6-300000, …
#   INSERVICE_SHARED=folder                 data/organizations.csv, for the import
BENCH_PROGRAMS := lane_load http_load http_raw hop newcomer
BENCH_LOADS := lane_load http_load hop
BENCH_STACK ?= $(B)/bench/stack
$(foreach p,$(BENCH_LOADS),$(eval $(O)/bin/$(p): $(call obj,tests/bench/load/load.c)))
$(foreach p,$(BENCH_LOADS),$(eval $(O)/tests/bench/$(p).o: CPPFLAGS += -Itests/bench))

.PHONY: bench bench-list bench-programs
bench-programs: services $(foreach p,$(BENCH_PROGRAMS),$(O)/bin/$(p))
bench: ## the ratios of performance on real servers; writes $(B)/bench.json
	@tools/deps run
	@$(MAKE) --no-print-directory V=release bench-programs
	@BIN=$(B)/release/bin BENCH_STACK=$(BENCH_STACK) BENCH_DIR=$(B)/bench \
	  BENCH_JSON=$(B)/bench.json PYTHONDONTWRITEBYTECODE=1 tests/bench/bench.py
bench-list: # the parts of the bench
	@PYTHONDONTWRITEBYTECODE=1 tests/bench/bench.py --list
