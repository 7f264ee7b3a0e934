# build, demo, test, bench, format, check: each installs what it needs (tools/install) and works twice in a row.
.PHONY: build demo test bench format check clean
JOBS ?= $(shell nproc)

build:
	tools/install build
	cmake --preset release
	cmake --build build -j $(JOBS) --target batchyard batchyard-shim

demo: build
	tools/demo

test:
	tools/install test
	cmake --preset release
	cmake --build build -j $(JOBS)
	ctest --preset release -j 2

bench:
	tools/install test
	cmake --preset release
	cmake --build build -j $(JOBS)
	bench/run

format:
	tools/install check
	git ls-files '*.cpp' '*.h' | grep -v /generated/ | xargs clang-format-19 -i

check:
	tools/install check
	tools/tidy
	git ls-files '*.cpp' '*.h' | grep -v /generated/ | xargs clang-format-19 --dry-run -Werror

clean:
	rm -rf build build-*
