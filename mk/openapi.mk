# The gateway's OpenAPI document, carried in the program.
$(GEN)/gateway_openapi.h: services/gateway/openapi/openapi.yaml tools/embed-openapi
	@mkdir -p $(@D)
	tools/embed-openapi $< $@
$(O)/services/gateway/openapi/http_get_openapi.o: $(GEN)/gateway_openapi.h

# The document and the route table say the same.
TEST_PARTS += test-openapi
.PHONY: test-openapi
test-openapi: $(O)/bin/gateway $(B)/venv/made ## the OpenAPI document against the route table
	GATEWAY=$(abspath $(O)/bin/gateway) OPENAPI=services/gateway/openapi/openapi.yaml \
	  $(VENV_PYTHON) -B -m pytest -q -p no:cacheprovider tests/contract/openapi_test.py
