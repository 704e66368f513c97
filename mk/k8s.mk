# Kubernetes: the parts of deploy/k8s that come from the programs' tables, and
# the checks of all of it.
.PHONY: k8s test-k8s
k8s: services ## deploy/k8s: what is made from the programs' tables
	tools/print-k8s $(O)/bin $(O)/bin/topics .

TEST_PARTS += test-k8s
test-k8s: $(VENV)/made ## deploy/k8s: schemas, names, settings; needs kubectl for overlays
	@$(MAKE) --no-print-directory V=check services
	@mkdir -p $(B)/k8s
	cd tests/k8s && BIN=$(abspath $(B))/check/bin K8S_DIR=$(abspath $(B))/k8s \
	  ASAN_OPTIONS=detect_leaks=0 $(abspath $(VENV_PYTHON)) -B -m pytest -q -p no:cacheprovider .

# With a real API server; the programs are kept outside the tree of builds.
K8S_PROGRAMS ?= $(B)/k8s-programs
.PHONY: test-k8s-cluster
test-k8s-cluster: $(VENV)/made ## deploy/k8s before a real API server (some minutes at first; needs Go)
	PROGRAMS=kube-apiserver tests/k8s/build-programs $(K8S_PROGRAMS)
	@mkdir -p $(B)/k8s
	cd tests/k8s && K8S_DIR=$(abspath $(B))/k8s K8S_PROGRAMS=$(abspath $(K8S_PROGRAMS)) \
	  $(abspath $(VENV_PYTHON)) -B -m pytest -q -p no:cacheprovider admission.py
