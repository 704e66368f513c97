# One machine: a Debian package with units, and its test.
.PHONY: deb test-deb
deb: build ## a Debian package of the services, for one machine
	@tools/make-deb $(O)/bin $(VERSION) $(B)/deb

TEST_PARTS += test-deb
test-deb: $(VENV)/made ## the package: contents, units, set-up on a real PostgreSQL
	@$(MAKE) --no-print-directory V=release deb
	@mkdir -p $(B)/deb-test
	cd tests/deb && DEB=$(abspath $(B))/deb DEB_DIR=$(abspath $(B))/deb-test \
	  PYTHONDONTWRITEBYTECODE=1 $(abspath $(VENV_PYTHON)) -B -m pytest -q -p no:cacheprovider .
