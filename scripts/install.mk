# Where things go, for the Makefile here and that of the release archive: in the part of make that GNU's and the BSDs' share.

PREFIX = /usr/local
DESTDIR =
BINDIR = $(PREFIX)/bin
LIBDIR = $(PREFIX)/lib/mlmmj-amime-receive
MANDIR = $(PREFIX)/share/man
SHAREDIR = $(PREFIX)/share/mlmmj-amime-receive
DOCDIR = $(PREFIX)/share/doc/mlmmj-amime-receive
BASHDIR = $(PREFIX)/share/bash-completion/completions
# Debian's zsh looks into site-functions below /usr/local alone.
ZSHDIR != if [ '$(PREFIX)' = /usr ] && [ -e /etc/debian_version ]; then echo /usr/share/zsh/vendor-completions; \
  else echo '$(PREFIX)/share/zsh/site-functions'; fi
FISHDIR = $(PREFIX)/share/fish/vendor_completions.d
UNITDIR = $(PREFIX)/lib/systemd/system

.PHONY: install install-program install-data install-tools install-units uninstall

install: install-program install-data install-tools

# Like the script it replaces: for the mlmmj user alone, where there is one. Elsewhere anybody may run it; it can do
# no more than the one who runs it. A staged tree is for other hosts, whatever users this one has.
install-program: $(EXECUTABLE)
	install -d $(DESTDIR)$(BINDIR)
	@if [ -z '$(DESTDIR)' ] && [ "$$(id -u)" = 0 ] && id mlmmj >/dev/null 2>&1; then \
	  echo 'install -o mlmmj -g mlmmj -m 0550 $(EXECUTABLE) $(BINDIR)/mlmmj-amime-receive'; \
	  install -o mlmmj -g mlmmj -m 0550 $(EXECUTABLE) $(BINDIR)/mlmmj-amime-receive; \
	else \
	  echo 'install -m 0755 $(EXECUTABLE) $(DESTDIR)$(BINDIR)/mlmmj-amime-receive'; \
	  install -m 0755 $(EXECUTABLE) $(DESTDIR)$(BINDIR)/mlmmj-amime-receive; \
	fi

# The manual page, the completions, what there is to read, and what people copy into Postfix's and Amavisd's configuration.
install-data:
	install -d $(DESTDIR)$(MANDIR)/man8 $(DESTDIR)$(BASHDIR) $(DESTDIR)$(ZSHDIR) $(DESTDIR)$(FISHDIR)
	install -m 0644 man/mlmmj-amime-receive.8 $(DESTDIR)$(MANDIR)/man8/
	install -m 0644 completions/mlmmj-amime-receive.bash $(DESTDIR)$(BASHDIR)/mlmmj-amime-receive
	install -m 0644 completions/_mlmmj-amime-receive $(DESTDIR)$(ZSHDIR)/
	install -m 0644 completions/mlmmj-amime-receive.fish $(DESTDIR)$(FISHDIR)/
	install -d $(DESTDIR)$(DOCDIR)/docs
	install -m 0644 README.md CHANGELOG.md LICENSE NOTICE $(DESTDIR)$(DOCDIR)/
	install -m 0644 docs/*.md $(DESTDIR)$(DOCDIR)/docs/
	install -d $(DESTDIR)$(SHAREDIR)/postfix $(DESTDIR)$(SHAREDIR)/amavis
	install -m 0644 postfix/* $(DESTDIR)$(SHAREDIR)/postfix/
	install -m 0644 amavis/* $(DESTDIR)$(SHAREDIR)/amavis/

# The commands: an executable with its own JavaScript engine, or a script that runs tools.mjs on Node.
install-tools: $(TOOLS)
	install -d $(DESTDIR)$(LIBDIR)
	install -m 0755 $(TOOLS) $(DESTDIR)$(LIBDIR)/mlmmj-amime-receive-tools
	@if head -n 1 $(TOOLS) | grep -q '^#!'; then \
	  echo 'install -m 0755 $(TOOLS_ON_NODE) $(DESTDIR)$(LIBDIR)/tools.mjs'; \
	  install -m 0755 $(TOOLS_ON_NODE) $(DESTDIR)$(LIBDIR)/tools.mjs; \
	fi
	install -d $(DESTDIR)$(DOCDIR)
	install -m 0644 $(TOOLS_LICENSES) $(DESTDIR)$(DOCDIR)/

# For packages. On a host without one, "mlmmj-amime-receive install --lmtp" writes them.
install-units:
	install -d $(DESTDIR)$(UNITDIR)
	install -m 0644 systemd/mlmmj-amime.service systemd/mlmmj-amime.socket $(DESTDIR)$(UNITDIR)/

uninstall:
	rm -rf $(DESTDIR)$(LIBDIR) $(DESTDIR)$(SHAREDIR) $(DESTDIR)$(DOCDIR)
	rm -f $(DESTDIR)$(BINDIR)/mlmmj-amime-receive $(DESTDIR)$(MANDIR)/man8/mlmmj-amime-receive.8 \
	  $(DESTDIR)$(BASHDIR)/mlmmj-amime-receive $(DESTDIR)$(ZSHDIR)/_mlmmj-amime-receive \
	  $(DESTDIR)$(FISHDIR)/mlmmj-amime-receive.fish
