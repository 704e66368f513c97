# What is handed out: a Debian package for one machine, and an image.
DEB := $(B)/deb/inservice_$(VERSION)_$(shell dpkg --print-architecture 2>/dev/null).deb

.PHONY: deb image test-package
deb: build ## a Debian package of the services, for one machine
	@tools/make-deb $(O)/bin $(VERSION) $(B)/deb

image: deb ## an image of the services, from Debian's packages, and its list of contents
	@tools/make-image $(DEB) $(B)/image

TEST_PARTS += test-package
test-package: $(VENV)/made ## package and image: contents, units, set-up, a start of each
	@$(MAKE) --no-print-directory V=release deb
	@mkdir -p $(B)/package
	cd tests/package && DEB=$(abspath $(DEB)) PACKAGE_DIR=$(abspath $(B))/package \
	  BIN=$(abspath $(B))/release/bin PYTHONDONTWRITEBYTECODE=1 \
	  $(abspath $(VENV_PYTHON)) -B -m pytest -q -p no:cacheprovider .
