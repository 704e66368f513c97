# The servers under the system; tools/stack and tools/deps do the work.
# STACK_DIR=… names another stack; several run side by side. INSERVICE_LANES=24:
# a new stack has so many lanes instead of 6.
STACK_DIR ?= $(B)/stack
export STACK_DIR

.PHONY: deps up down reset stack-clean
deps: ## installs what Debian 12 lacks for demo, run and test
	tools/deps run test
up: ## starts PostgreSQL and Kafka, with schemas, roles and topics
	@tools/deps run
	@tools/stack up
down: ## stops them and keeps their data
	@tools/stack down
reset: ## empties them and starts again
	@tools/stack reset

# A stack may keep its data outside of $(B): see tools/stack.
clean: stack-clean
stack-clean:
	@tools/stack clean $(B)
