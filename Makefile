# Needs Node (20 or newer), npm, and a C compiler for the native program; everything else comes from npm.

PREFIX = /usr/local
DESTDIR =
BINDIR = $(PREFIX)/bin
LIBDIR = $(PREFIX)/lib
MANDIR = $(PREFIX)/share/man
BASHDIR = $(PREFIX)/share/bash-completion/completions
ZSHDIR = $(PREFIX)/share/zsh/site-functions
FISHDIR = $(PREFIX)/share/fish/vendor_completions.d

EXECUTABLE = dist/mlmmj-amime-receive
TOOLS = dist/mlmmj-amime-receive-tools
VERSION := $(shell sed -n 's/^ *"version": "\(.*\)",$$/\1/p' package.json)
INSTALLED = node_modules/.installed
RUN = npx --no-install tsx

NATIVE = dist/native

.PHONY: all demo test quick build install uninstall bench e2e clean

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

# Like the script it replaces: for the mlmmj user alone, where there is one. Elsewhere anybody may run it; it can do
# no more than the one who runs it.
install: $(EXECUTABLE) $(TOOLS)
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(LIBDIR)/mlmmj-amime-receive $(DESTDIR)$(MANDIR)/man8
	@if [ "$$(id -u)" = 0 ] && id mlmmj >/dev/null 2>&1; then \
	  echo "install -o mlmmj -g mlmmj -m 0550 $(EXECUTABLE) $(DESTDIR)$(BINDIR)/"; \
	  install -o mlmmj -g mlmmj -m 0550 $(EXECUTABLE) $(DESTDIR)$(BINDIR)/; \
	else \
	  echo "install -m 0555 $(EXECUTABLE) $(DESTDIR)$(BINDIR)/"; \
	  install -m 0555 $(EXECUTABLE) $(DESTDIR)$(BINDIR)/; \
	fi
	install -m 0755 $(TOOLS) $(DESTDIR)$(LIBDIR)/mlmmj-amime-receive/
	@if head -n 1 $(TOOLS) | grep -q '^#!'; then install -m 0644 dist/tools.js $(DESTDIR)$(LIBDIR)/mlmmj-amime-receive/tools.mjs; fi
	install -m 0644 man/mlmmj-amime-receive.8 $(DESTDIR)$(MANDIR)/man8/
	install -d $(DESTDIR)$(BASHDIR) $(DESTDIR)$(ZSHDIR) $(DESTDIR)$(FISHDIR)
	install -m 0644 completions/mlmmj-amime-receive.bash $(DESTDIR)$(BASHDIR)/mlmmj-amime-receive
	install -m 0644 completions/_mlmmj-amime-receive $(DESTDIR)$(ZSHDIR)/
	install -m 0644 completions/mlmmj-amime-receive.fish $(DESTDIR)$(FISHDIR)/

$(TOOLS):
	@npm run --silent build

uninstall:
	rm -rf $(DESTDIR)$(LIBDIR)/mlmmj-amime-receive
	rm -f $(DESTDIR)$(BINDIR)/mlmmj-amime-receive $(DESTDIR)$(MANDIR)/man8/mlmmj-amime-receive.8 \
	  $(DESTDIR)$(BASHDIR)/mlmmj-amime-receive $(DESTDIR)$(ZSHDIR)/_mlmmj-amime-receive \
	  $(DESTDIR)$(FISHDIR)/mlmmj-amime-receive.fish

clean:
	rm -rf dist $(INSTALLED)

include scripts/native.mk
include scripts/fuzz.mk
