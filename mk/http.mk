# The fuzzer of the HTTP server's own readers: header blocks, paths, queries.
HTTP_FUZZ := $(B)/fuzz/http_fuzz
HTTP_FUZZ_C := tests/fuzz/http_fuzz.c $(wildcard lib/chassis/http*.c) \
  $(addprefix lib/chassis/,arena.c bytes.c log.c clock.c metrics.c wire_text.c)
FUZZ_SECONDS ?= 30

$(HTTP_FUZZ): $(HTTP_FUZZ_C) $(wildcard lib/chassis/*.h)
	@mkdir -p $(@D)
	clang $(CPPFLAGS) -std=gnu17 -g -O1 -DFAILPOINTS -Wall -Wextra -Werror \
	  -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
	  $(HTTP_FUZZ_C) -o $@ $(PKG_LIBS)

.PHONY: fuzz-http
fuzz-http: $(HTTP_FUZZ) ## fuzz what the HTTP server reads (FUZZ_SECONDS=30)
	@mkdir -p $(B)/fuzz/http
	cd $(B)/fuzz && ./http_fuzz -max_total_time=$(FUZZ_SECONDS) -max_len=1024 http
