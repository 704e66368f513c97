# The founding code tables, carried in the program.
CODE_TABLES := $(wildcard services/gateway/code_tables/data/*.csv)
$(GEN)/gateway_code_tables.h: $(CODE_TABLES) tools/embed-code-tables
	@mkdir -p $(@D)
	tools/embed-code-tables $@ $(CODE_TABLES)
GEN_H += $(GEN)/gateway_code_tables.h
$(O)/services/gateway/code_tables/code_file.o: $(GEN)/gateway_code_tables.h
