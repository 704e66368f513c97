# The contracts: lint, breaking changes, golden bytes.

CONTRACT := $(B)/contract
CONTRACT_SET := $(CONTRACT)/contracts.binpb
GOLDEN := $(wildcard tests/contract/golden/*.txt)

# A table of every message of the contracts, from the headers protoc-c wrote.
$(GEN)/contract_descriptors.h: $(GEN)/proto.stamp
	@{ echo '/* Generated: every message of proto/. */'; \
	  echo '#pragma once'; \
	  echo '#include <protobuf-c/protobuf-c.h>'; \
	  for h in $(PROTO:proto/%.proto=%); do echo "#include \"$$h.pb-c.h\""; done; \
	  echo 'static const ProtobufCMessageDescriptor *const contract_descriptors[] = {'; \
	  sed -n 's/^extern const ProtobufCMessageDescriptor \(.*\);$$/    \&\1,/p' $(PROTO_H); \
	  echo '};'; \
	  echo 'enum { CONTRACT_DESCRIPTORS = sizeof(contract_descriptors) / sizeof(contract_descriptors[0]) };'; \
	} >$@

$(CONTRACT_SET): $(PROTO)
	@mkdir -p $(@D)
	protoc --proto_path=proto --include_imports --descriptor_set_out=$@ $(PROTO:proto/%=%)

# Built without the services, with sanitizers in every V: it needs only the
# door.
CONTRACT_LIB := $(addprefix lib/chassis/base/,wire.c wire_text.c lanes.c map.c)
CONTRACT_FLAGS := -std=gnu17 -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=undefined
CONTRACT_O := $(PROTO_C:$(GEN)/proto/%.c=$(CONTRACT)/proto/%.o)
$(CONTRACT)/proto/%.o: $(GEN)/proto/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CONTRACT_FLAGS) -fsanitize=address,undefined -c $< -o $@
$(CONTRACT)/contract_test: tests/contract/contract_test.c $(CONTRACT_LIB) \
  $(GEN)/contract_descriptors.h lib/chassis/base/wire.h $(CONTRACT_O)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CONTRACT_FLAGS) $(WARN) -fsanitize=address,undefined \
	  $(filter %.c %.o,$^) -o $@ -lcmocka -lprotobuf-c

.PHONY: test-contract golden golden-all
test-contract: $(CONTRACT)/contract_test $(CONTRACT_SET) $(VENV)/made ## golden bytes, C and Python both ways
	ASAN_OPTIONS=detect_leaks=0 $(CONTRACT)/contract_test tests/contract/lanes.txt $(GOLDEN) $(CONTRACT)/from_c.txt
	cd tests/contract && DESCRIPTOR_SET=$(abspath $(CONTRACT_SET)) FROM_C=$(abspath $(CONTRACT)/from_c.txt) \
	  $(abspath $(VENV_PYTHON)) -B -m pytest -q -p no:cacheprovider test_contract.py
golden: $(CONTRACT_SET) $(VENV)/made ## golden bytes of messages and fields that have none
	$(VENV_PYTHON) -B tests/contract/golden.py $(CONTRACT_SET)
golden-all: $(CONTRACT_SET) $(VENV)/made ## all golden bytes from scratch (before the first release only)
	$(VENV_PYTHON) -B tests/contract/golden.py $(CONTRACT_SET) --all

# --- buf ---------------------------------------------------------------------
# A buf on PATH, otherwise the pinned one from npm. Without either the checks
# are skipped with a warning; with CI=1 that fails.
BUF_VERSION := 1.75.0
BUF = $(or $(shell command -v buf),$(CONTRACT)/buf/node_modules/.bin/buf)
define get_buf
{ [ -x "$(BUF)" ] || npm install --silent --no-audit --no-fund --no-save --ignore-scripts \
  --prefix $(CONTRACT)/buf @bufbuild/buf@$(BUF_VERSION); } >/dev/null 2>&1
endef
define no_buf
{ echo '*** SKIPPED: the contracts were NOT checked by buf: it is not installed, and npm could not get it.' >&2; \
  echo '*** Install buf $(BUF_VERSION) or npm and run the target again.' >&2; test -z "$$CI"; }
endef

.PHONY: lint-proto release-proto
lint-proto: ## buf lint, and no change that breaks the released contracts
	@mkdir -p $(CONTRACT)/buf
	@if $(get_buf); then $(BUF) lint proto && $(BUF) breaking proto --against proto/released.binpb && \
	  echo "lint-proto: sound, and nothing released is broken"; else $(no_buf); fi
release-proto: ## the present contracts become the released ones
	@mkdir -p $(CONTRACT)/buf
	@$(get_buf) || { echo 'release-proto needs buf' >&2; exit 1; }
	$(BUF) build proto --exclude-source-info -o proto/released.binpb
