# The fuzzer of the import's dry run: encodings, CSV, cells.
CSV_FUZZ := $(B)/fuzz/csv_fuzz
CSV_FUZZ_C := tests/fuzz/csv_fuzz.c services/gateway/render.c \
  $(addprefix services/gateway/imports/,csv.c encoding.c code_map.c import_id.c import_words.c) \
  $(wildcard services/gateway/imports/unit_*.c) $(wildcard lib/rules/*.c) \
  $(addprefix lib/chassis/,arena.c bytes.c clock.c log.c metrics.c wire_text.c)

$(CSV_FUZZ): $(CSV_FUZZ_C) $(wildcard services/gateway/imports/*.h) | $(GEN_H)
	@mkdir -p $(@D)
	clang $(CPPFLAGS) $(PKG_CFLAGS) -std=gnu17 -g -O1 -DFAILPOINTS -Wall -Wextra -Werror \
	  -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
	  $(CSV_FUZZ_C) -o $@ $(PKG_LIBS)

.PHONY: fuzz-csv
fuzz-csv: $(CSV_FUZZ) ## fuzz what an import reads (FUZZ_SECONDS=30)
	@mkdir -p $(B)/fuzz/csv
	@printf '\001994601,青嵐國小,國小,宜蘭縣,公立,C-1,,03-1234567,a@example.tw\r\n' >$(B)/fuzz/csv/row
	@printf '\000代碼,"名稱",類別,縣市\n="0001","a""b",國中,台北市\n' >$(B)/fuzz/csv/quotes
	cd $(B)/fuzz && ./csv_fuzz -max_total_time=$(FUZZ_SECONDS) -max_len=2048 csv
