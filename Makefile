# Needs Node (20 or newer) and npm; everything else comes from npm.

PREFIX = /usr/local
DESTDIR =
BINDIR = $(PREFIX)/bin
MANDIR = $(PREFIX)/share/man
BASHDIR = $(PREFIX)/share/bash-completion/completions
ZSHDIR = $(PREFIX)/share/zsh/site-functions
FISHDIR = $(PREFIX)/share/fish/vendor_completions.d

EXECUTABLE = dist/mlmmj-amime-receive
INSTALLED = node_modules/.installed
RUN = npx --no-install tsx

.PHONY: all demo test build install uninstall bench e2e clean

all: build

# What came out of a sample post, and why.
demo: build
	@$(RUN) scripts/demo.ts

# Types, style, both builds, all tests. The last line is the sum.
test: $(INSTALLED)
	@$(RUN) scripts/run-tests.ts test

# The whole way through real daemons (Debian packages), on loopback.
e2e: $(INSTALLED)
	@$(RUN) scripts/run-tests.ts e2e

build: $(INSTALLED)
	@npm run --silent build

bench: build
	@npm run --silent bench

$(INSTALLED): package.json package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

# Like the script it replaces: for the mlmmj user alone, where there is one. Elsewhere anybody may run it; it can do
# no more than the one who runs it.
install: $(EXECUTABLE)
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(MANDIR)/man8
	@if [ "$$(id -u)" = 0 ] && id mlmmj >/dev/null 2>&1; then \
	  echo "install -o mlmmj -g mlmmj -m 0550 $(EXECUTABLE) $(DESTDIR)$(BINDIR)/"; \
	  install -o mlmmj -g mlmmj -m 0550 $(EXECUTABLE) $(DESTDIR)$(BINDIR)/; \
	else \
	  echo "install -m 0555 $(EXECUTABLE) $(DESTDIR)$(BINDIR)/"; \
	  install -m 0555 $(EXECUTABLE) $(DESTDIR)$(BINDIR)/; \
	fi
	install -m 0644 man/mlmmj-amime-receive.8 $(DESTDIR)$(MANDIR)/man8/
	install -d $(DESTDIR)$(BASHDIR) $(DESTDIR)$(ZSHDIR) $(DESTDIR)$(FISHDIR)
	install -m 0644 completions/mlmmj-amime-receive.bash $(DESTDIR)$(BASHDIR)/mlmmj-amime-receive
	install -m 0644 completions/_mlmmj-amime-receive $(DESTDIR)$(ZSHDIR)/
	install -m 0644 completions/mlmmj-amime-receive.fish $(DESTDIR)$(FISHDIR)/

$(EXECUTABLE):
	@$(MAKE) build

uninstall:
	rm -f $(DESTDIR)$(BINDIR)/mlmmj-amime-receive $(DESTDIR)$(MANDIR)/man8/mlmmj-amime-receive.8 \
	  $(DESTDIR)$(BASHDIR)/mlmmj-amime-receive $(DESTDIR)$(ZSHDIR)/_mlmmj-amime-receive \
	  $(DESTDIR)$(FISHDIR)/mlmmj-amime-receive.fish

clean:
	rm -rf dist $(INSTALLED)

include scripts/native.mk
