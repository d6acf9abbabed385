# What is released: the archive of all sources with the C made from them, and packages.

RELEASE = dist/release
NAME = mlmmj-amime-receive
ARCHIVE = $(NAME)-$(VERSION)
# The last change's time, so that the same sources give the same bytes. In an archive there is no git, and its changelog has the time.
SOURCE_DATE_EPOCH := $(shell git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)
export SOURCE_DATE_EPOCH

.PHONY: dist-c

# For hosts without Node: "make && make install" there needs cc and make alone.
dist-c: $(RELEASE)/$(ARCHIVE).tar.gz

TAR_REPRODUCIBLY = tar --sort=name --mtime=@$(SOURCE_DATE_EPOCH) --owner=0 --group=0 --numeric-owner --mode=go=rX,u+rw -cf -

$(RELEASE)/$(ARCHIVE).tar.gz: $(NATIVE)/core.c $(HOST_SOURCES) $(TOOLS_ON_NODE) $(TOOLS_LICENSES) $(shell git ls-files 2>/dev/null)
	@rm -rf dist/archive
	@mkdir -p $(RELEASE) dist/archive/$(ARCHIVE)/native dist/archive/$(ARCHIVE)/tools
	@git ls-files | tar -cf - -T - | tar -xf - -C dist/archive/$(ARCHIVE)
	@cd dist/archive/$(ARCHIVE) && mv Makefile development.mk && cp packaging/archive.mk Makefile
	@cp $(HOST)/*.c $(HOST)/*.h $(NATIVE)/core.c $(NATIVE)/core.h $(NATIVE)/image.c dist/archive/$(ARCHIVE)/native/
	@sed 's/^VERSION = .*/VERSION = $(VERSION)/' $(HOST)/Makefile > dist/archive/$(ARCHIVE)/native/Makefile
	@cp $(TOOLS_ON_NODE) $(TOOLS_LICENSES) dist/archive/$(ARCHIVE)/tools/
	@install -m 0755 scripts/tools-on-node.sh dist/archive/$(ARCHIVE)/tools/mlmmj-amime-receive-tools
	@$(TAR_REPRODUCIBLY) -C dist/archive $(ARCHIVE) | gzip -9n > $@
	@rm -rf dist/archive

# .deb, with dpkg-deb alone.
PACKAGES = dist/packages
STAGES = dist/stages
MAINTAINER ?= $(shell git log -1 --format='%an <%ae>' 2>/dev/null)
ARCHITECTURE ?= $(shell dpkg --print-architecture)
STAGE = $(MAKE) --no-print-directory -s >/dev/null PREFIX=/usr ZSHDIR=/usr/share/zsh/vendor-completions
DEB = VERSION='$(VERSION)' MAINTAINER='$(MAINTAINER)' ARCHITECTURE='$(ARCHITECTURE)' packaging/debian/build-package

.PHONY: packages debs deb-standalone need-dpkg

packages: build
	@$(MAKE) --no-print-directory debs deb-standalone

debs: $(EXECUTABLE) $(TOOLS_ON_NODE) $(TOOLS_LICENSES) | need-dpkg
	@rm -rf $(STAGES)/main $(STAGES)/tools && mkdir -p $(PACKAGES)
	@$(STAGE) DESTDIR=$(STAGES)/main install-program install-data
	@$(STAGE) DESTDIR=$(STAGES)/tools DOCDIR=/usr/share/doc/mlmmj-amime-receive-tools TOOLS=scripts/tools-on-node.sh install-tools install-units
	@$(DEB) mlmmj-amime-receive $(STAGES)/main $(PACKAGES)
	@$(DEB) mlmmj-amime-receive-tools $(STAGES)/tools $(PACKAGES)

# With an engine of their own, where Bun has made such an executable. Its compression takes a minute.
deb-standalone: $(TOOLS) $(TOOLS_LICENSES) | need-dpkg
	@rm -rf $(STAGES)/standalone && mkdir -p $(PACKAGES)
	@if head -c 2 $(TOOLS) | grep -q '#!'; then echo 'No standalone tools: Bun does not run here.'; else \
	  $(STAGE) DESTDIR=$(STAGES)/standalone DOCDIR=/usr/share/doc/mlmmj-amime-receive-tools-standalone install-tools install-units && \
	  $(DEB) mlmmj-amime-receive-tools-standalone $(STAGES)/standalone $(PACKAGES); fi

need-dpkg:
	@command -v dpkg-deb >/dev/null || { echo 'A .deb needs dpkg-deb, which is not installed (Debian and others: dpkg).' >&2; exit 1; }

# The packages' whole life, mail included, on each of these as debootstrap makes them: minutes, root, a mirror (MIRROR).
RELEASES = bookworm trixie

.PHONY: package-tests

package-tests: packages
	@for release in $(RELEASES); do echo "== $$release"; test/packages/clean-debian.sh $$release $(PACKAGES) || exit 1; done
