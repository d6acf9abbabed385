# Needs Node (20 or newer), npm, and a C compiler for the native program; everything else comes from npm.

EXECUTABLE = dist/mlmmj-amime-receive
TOOLS = dist/mlmmj-amime-receive-tools
TOOLS_ON_NODE = dist/tools.js
TOOLS_LICENSES = dist/tools-licenses.txt
VERSION := $(shell sed -n 's/^ *"version": "\(.*\)",$$/\1/p' package.json)
INSTALLED = node_modules/.installed
RUN = npx --no-install tsx

NATIVE = dist/native

.PHONY: all demo test quick build bench e2e clean

all: build

# What came out of a sample post, and why.
demo: build
	@$(RUN) scripts/demo.ts

# Types, style, the builds, all tests. The last line is the sum.
test: $(INSTALLED)
	@$(RUN) scripts/run-tests.ts test

# What a developer wants to know in a minute: types, style, the tests of what touches a message.
quick: $(INSTALLED)
	@$(RUN) scripts/run-tests.ts quick

# The whole way through real daemons (Debian packages), on loopback.
e2e: $(INSTALLED)
	@$(RUN) scripts/run-tests.ts e2e

# Without a C compiler there is pipe mode on Node alone.
build: $(INSTALLED)
	@npm run --silent build
	@if command -v $(CC) >/dev/null; then $(MAKE) --no-print-directory $(EXECUTABLE); \
	else rm -f $(EXECUTABLE); echo 'No native program: $(CC) is not installed (Debian: gcc, libc6-dev). dist/amime-receive.js does the same on Node.'; fi

# A program that is running cannot be written to.
dist/mlmmj-amime-receive: $(NATIVE)/mlmmj-amime-receive
	@cp $< $@.new
	@mv $@.new $@

bench: build
	@npm run --silent bench

$(INSTALLED): package.json package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

$(TOOLS) $(TOOLS_ON_NODE) $(TOOLS_LICENSES) &: | $(INSTALLED)
	@npm run --silent build

clean:
	rm -rf dist $(INSTALLED)

include scripts/install.mk
include scripts/native.mk
include scripts/release.mk
include scripts/fuzz.mk
