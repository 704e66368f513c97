# inservice: one Makefile for the whole house. `make help` lists its targets.
#
#   V=release (default)  optimized, hardened, no failpoints
#   V=check              ASan + UBSan + failpoints: what the tests run
#   V=thread             TSan + failpoints: the chassis' threads
#   V=fuzz               as check, for libFuzzer: mk/fuzz.mk, clang only
#   CC=gcc|clang         both must build without a warning
#   B=build              where everything generated goes
V ?= release
B ?= build
CC = gcc
O := $(B)/$(V)
GEN := $(B)/gen
SERVICES := account teacher gateway
VENV := $(B)/venv
VENV_PYTHON := $(VENV)/bin/python

MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := build

PKGS := libpq rdkafka jansson libprotobuf-c libsodium libulfius libmicrohttpd libcurl libutf8proc
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS))
PKG_LIBS := $(shell pkg-config --libs $(PKGS)) -lpthread -lm

WARN := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
  -Wpointer-arith -Wwrite-strings -Wvla -Wformat=2 -Wundef -Wcast-qual \
  -Wold-style-definition -Wdate-time
HARDEN := -fPIE -fstack-protector-strong -fstack-clash-protection -fcf-protection \
  $(if $(findstring clang,$(CC)),,-ftrivial-auto-var-init=zero) # clang 14 refuses it
LDHARDEN := -pie -Wl,-z,relro,-z,now,-z,noexecstack
FLAGS_release := -O2 -g -D_FORTIFY_SOURCE=2 $(HARDEN)
FLAGS_check := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
  -fno-sanitize-recover=undefined -DFAILPOINTS \
  $(if $(findstring clang,$(CC)),,-Wno-format-truncation) # wrong with UBSan
FLAGS_thread := -O1 -g -fsanitize=thread -DFAILPOINTS
FLAGS_fuzz := $(FLAGS_check) -fsanitize=fuzzer-no-link
CPPFLAGS := -D_GNU_SOURCE -Ilib -Iservices -I$(GEN) -I$(GEN)/proto
CFLAGS := -std=gnu17 $(WARN) $(FLAGS_$(V)) -MMD -MP
LDFLAGS := $(if $(filter release,$(V)),$(LDHARDEN)) $(FLAGS_$(V))

# The version is the first heading of the list of changes.
VERSION := $(shell sed -n 's/^## //p;T;q' CHANGELOG.md)
$(O)/lib/chassis/service.o: CPPFLAGS += -DVERSION='"$(VERSION)"'
$(O)/lib/chassis/service.o: CHANGELOG.md

# One line a step; VERBOSE=1 shows the whole command.
run = $(if $(VERBOSE),,@echo '  $(notdir $(firstword $(1)))  $@'; )$(1)

# --- generated: protobuf, embedded SQL -------------------------------------
PROTO := $(wildcard proto/inservice/*/v1/*.proto)
PROTO_C := $(PROTO:proto/%.proto=$(GEN)/proto/%.pb-c.c)
PROTO_H := $(PROTO_C:.c=.h)
SQL_C := $(foreach s,chassis $(SERVICES),$(GEN)/$(s)_sql.c)
GEN_H := $(PROTO_H) $(SQL_C:.c=.h)

# One protoc-c run makes all of them, so a changed import never leaves a stale one.
$(GEN)/proto.stamp: $(PROTO)
	@mkdir -p $(GEN)/proto
	protoc-c --c_out=$(GEN)/proto --proto_path=proto $(PROTO:proto/%=%)
	@touch $@
$(PROTO_C) $(PROTO_H): $(GEN)/proto.stamp ;

sql_dir = $(if $(filter chassis,$(1)),lib/chassis/sql,services/$(1)/sql)
sql_headers = $(wildcard $(if $(filter chassis,$(1)),lib/chassis/*/*.h,lib/rules/*.h services/$(1)/*.h services/$(1)/*/*.h))
define sql_rule
$(GEN)/$(1)_sql.c: tools/embed-sql tools/sql-names $(wildcard $(call sql_dir,$(1))/*/*.sql) \
  $(wildcard $(call sql_dir,$(1))/*) $(call sql_headers,$(1)) $(PROTO)
	@mkdir -p $(GEN)
	tools/embed-sql $(1) $(call sql_dir,$(1)) $(GEN)
$(GEN)/$(1)_sql.h: $(GEN)/$(1)_sql.c ;
endef
$(foreach s,chassis $(SERVICES),$(eval $(call sql_rule,$(s))))

# --- objects ----------------------------------------------------------------
CHASSIS_C := $(wildcard lib/chassis/*.c lib/chassis/*/*.c)
RULES_C := $(wildcard lib/rules/*.c)
obj = $(patsubst $(GEN)/%.c,$(O)/gen/%.o,$(patsubst %.c,$(O)/%.o,$(filter-out $(GEN)/%,$(1))) $(filter $(GEN)/%,$(1)))
service_c = $(wildcard services/$(1)/*.c services/$(1)/*/*.c) $(GEN)/$(1)_sql.c
OBJ_lib := $(call obj,$(CHASSIS_C) $(RULES_C) $(GEN)/chassis_sql.c)
OBJ_proto := $(call obj,$(PROTO_C))

$(O)/gen/%.o: $(GEN)/%.c | $(GEN_H)
	@mkdir -p $(@D)
	$(call run,$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(filter-out -Werror -W%,$(CFLAGS)) -c $< -o $@)
$(O)/%.o: %.c | $(GEN_H)
	@mkdir -p $(@D)
	$(call run,$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) -c $< -o $@)

$(O)/libinservice.a: $(OBJ_lib) $(OBJ_proto)
	@rm -f $@
	$(call run,$(AR) rcs $@ $^)

define service_rule
$(O)/bin/$(1): $$(call obj,$$(call service_c,$(1))) $(O)/libinservice.a
	@mkdir -p $$(@D)
	$$(call run,$$(CC) $$(LDFLAGS) $$^ -o $$@ $$(PKG_LIBS))
$(O)/lib$(1).a: $$(filter-out %/main.o,$$(call obj,$$(call service_c,$(1))))
	@rm -f $$@
	$$(call run,$$(AR) rcs $$@ $$^)
endef
$(foreach s,$(SERVICES),$(eval $(call service_rule,$(s))))

# Programs of tools/ and tests/bench, one source file each.
TOOL_C := $(wildcard tools/*.c tests/bench/*.c tests/fault/*.c)
TOOLS := $(foreach t,$(TOOL_C),$(O)/bin/$(basename $(notdir $(t))))
define tool_rule
$(O)/bin/$(basename $(notdir $(1))): $$(call obj,$(1)) $(O)/libinservice.a
	@mkdir -p $$(@D)
	$$(call run,$$(CC) $$(LDFLAGS) $$^ -o $$@ $$(PKG_LIBS))
endef
$(foreach t,$(TOOL_C),$(eval $(call tool_rule,$(t))))

.PHONY: build services tools
services: $(foreach s,$(SERVICES),$(O)/bin/$(s)) ## the three services
tools: $(TOOLS)
build: services tools ## everything that runs (V=release|check|thread)

include $(sort $(wildcard mk/*.mk))

-include $(shell [ -d $(O) ] && find $(O) -name '*.d')

.PHONY: clean help
clean: ## remove everything built (the cache of jars stays)
	rm -rf $(B)
help: ## this list
	@awk -F':.*## ' '/^[a-z][a-z-]*:.*## /{printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
