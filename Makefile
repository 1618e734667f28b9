# SPDX-License-Identifier: Apache-2.0
# The front door.  Meson and Ninja do the work; `make help` lists what there is.

BUILD ?= build/dev
MESON_FLAGS ?=
PREFIX ?= /usr/local
DESTDIR ?=
FUZZ_SECONDS ?= 60
# The corpora with known answers; tests that want them are skipped without.
export XSHEET_DATA ?= $(abspath ../shared/data)

benches := $(patsubst bench/bench_%.sh,%,$(wildcard bench/bench_*.sh))

.PHONY: help demo check check-all bench $(addprefix bench-,$(benches)) fuzz install bless clean deps build

help: ## this list
	@echo "make demo        the main job on a synthetic exposed server; ends with a report"
	@echo "make check       build with two compilers, run every test; about ten minutes"
	@echo "make check-all   the same with the long tests and a short fuzzing run"
	@echo "make bench       every benchmark; figures are kept in build/bench.tsv"
	@echo "make bench-NAME  one of them: $(benches)"
	@echo "make fuzz        fuzz every parser, FUZZ_SECONDS=$(FUZZ_SECONDS) each"
	@echo "make install     into PREFIX=$(PREFIX), with DESTDIR"
	@echo "make bless       rewrite the golden files; review the difference"
	@echo "make clean       remove what was built"

deps:
	@scripts/install-deps

$(BUILD)/build.ninja:
	@meson setup $(BUILD) $(MESON_FLAGS) >/dev/null || { meson setup $(BUILD) $(MESON_FLAGS); exit 1; }

build: deps
	@$(MAKE) --no-print-directory $(BUILD)/build.ninja
	@ninja -C $(BUILD) --quiet

demo: build
	@BUILD=$(abspath $(BUILD)) scripts/demo

check: deps
	@scripts/check

check-all: deps
	@XSHEET_TEST_LONG=1 scripts/check --all

bench: build
	@mkdir -p build && : >build/bench.tsv
	@$(foreach b,$(benches),$(MAKE) --no-print-directory bench-$(b) &&) true
	@echo "figures: build/bench.tsv"

$(addprefix bench-,$(benches)): bench-%: build
	@BUILD=$(abspath $(BUILD)) scripts/bench $*

fuzz: deps
	@scripts/fuzz $(FUZZ_SECONDS)

install: $(BUILD)/build.ninja
	@meson configure $(BUILD) --prefix=$(PREFIX) >/dev/null
	@DESTDIR=$(DESTDIR) meson install -C $(BUILD) --quiet

bless: build
	@XSHEET_BLESS=1 meson test -C $(BUILD) --quiet logs
	@git --no-pager diff --stat -- test/golden

clean:
	rm -rf build demo
