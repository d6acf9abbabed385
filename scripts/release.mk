# What is released: the archive of all sources with the C made from them, and packages.

RELEASE = dist/release
PACKAGES = dist/packages
NAME = mlmmj-amime-receive
ARCHIVE = $(NAME)-$(VERSION)
# The last change's time, so that the same sources give the same bytes. In an archive there is no git, and its changelog has the time.
SOURCE_DATE_EPOCH := $(shell git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)
export SOURCE_DATE_EPOCH
# Who the packages say is to be written to.
MAINTAINER ?= $(shell git log -1 --format='%an <%ae>' 2>/dev/null)

.PHONY: dist-c

# For hosts without Node: "make && make install" there needs cc and make alone.
dist-c: $(RELEASE)/$(ARCHIVE).tar.gz

# What is inside of all this, in CycloneDX.
$(RELEASE)/sbom.cdx.json: $(TOOLS_LICENSES) package-lock.json scripts/sbom.ts scripts/bill-of-materials.ts
	@mkdir -p $(RELEASE)
	@$(RUN) scripts/sbom.ts > $@.new && mv $@.new $@

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
	@cd dist/archive/$(ARCHIVE) && sed -i 's/@VERSION@/$(VERSION)/' packaging/alpine/APKBUILD contrib/ports/*/Makefile
	@sed -e 's/@VERSION@/$(VERSION)/' -e 's/@MAINTAINER@/$(MAINTAINER)/' -e "s/@DATE@/$$(LC_ALL=C date -u -d @$(SOURCE_DATE_EPOCH) '+%a %b %d %Y')/" \
	  packaging/rpm/$(NAME).spec.in > dist/archive/$(ARCHIVE)/$(NAME).spec
	@$(TAR_REPRODUCIBLY) -C dist/archive $(ARCHIVE) | gzip -9n > $@
	@rm -rf dist/archive

# .deb, with dpkg-deb alone.
STAGES = dist/stages
ARCHITECTURE ?= $(shell dpkg --print-architecture)
STAGE = $(MAKE) --no-print-directory -s >/dev/null PREFIX=/usr ZSHDIR=/usr/share/zsh/vendor-completions
DEB_VERSION = $(subst -,~,$(VERSION))
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

# .rpm, built from the archive as anybody would.
RPMBUILD = rpmbuild --quiet --define '_topdir $(abspath dist/rpm)' --define '_buildhost localhost' --define 'use_source_date_epoch_as_buildtime 1' \
  --define 'clamp_mtime_to_source_date_epoch 1' --define '_build_id_links none' --define '__brp_compress %{nil}'

.PHONY: rpms need-rpmbuild

rpms: $(RELEASE)/$(ARCHIVE).tar.gz | need-rpmbuild
	@rm -rf dist/rpm $(PACKAGES)/*.rpm && mkdir -p $(PACKAGES)
	@$(RPMBUILD) --nodeps -ta $<
	@cp dist/rpm/RPMS/*/*.rpm dist/rpm/SRPMS/*.rpm $(PACKAGES)/
	@rm -rf dist/rpm

need-rpmbuild:
	@command -v rpmbuild >/dev/null || { echo 'An .rpm needs rpmbuild, which is not installed (Debian: rpm; RHEL: rpm-build).' >&2; exit 1; }

# The program alone, for any Linux.
ARM64 = $(NATIVE)/arm64/mlmmj-amime-receive

$(ARM64): $(NATIVE)/core.c $(HOST_SOURCES)
	@mkdir -p $(@D)
	@$(COMPILE) OUT=$(abspath $(@D)) CC=aarch64-linux-gnu-gcc

.PHONY: release release-files

release: $(INSTALLED)
	@$(RUN) scripts/release.ts $(if $(filter command%,$(origin VERSION)),$(VERSION))

release-files: packages $(ARM64)
	@$(MAKE) --no-print-directory rpms $(RELEASE)/sbom.cdx.json
	@$(MAKE) --no-print-directory debs ARCHITECTURE=arm64 EXECUTABLE=$(ARM64)
	@cp $(PACKAGES)/$(NAME)*$(DEB_VERSION)*.deb $(PACKAGES)/$(NAME)*-$(VERSION)*.rpm $(RELEASE)/
	@install -m 0755 dist/$(NAME) $(RELEASE)/$(ARCHIVE)-linux-x86_64
	@install -m 0755 $(ARM64) $(RELEASE)/$(ARCHIVE)-linux-aarch64
	@npm pack --silent --ignore-scripts --pack-destination $(RELEASE) >/dev/null

# The packages' whole life, mail included, on each of these as debootstrap makes them, and that of the .rpm packages on this host:
# minutes, root, a mirror (MIRROR).
RELEASES = bookworm trixie
NAMESPACES = unshare --mount --net --pid --fork --mount-proc --kill-child

.PHONY: package-tests

package-tests: packages
	@for tool in lintian rpmlint debootstrap; do \
	  command -v $$tool >/dev/null || { echo "make package-tests needs $$tool (apt-get install $$tool)" >&2; exit 1; }; done
	@$(MAKE) --no-print-directory rpms
	@lintian --fail-on error,warning $(PACKAGES)/*.deb
	@rpmlint -c packaging/rpm/rpmlint.toml $(PACKAGES)/*.rpm
	@work=$$(mktemp -d) && $(NAMESPACES) test/packages/rpm-life-here.sh $$work \
	  $(abspath $(PACKAGES))/*.noarch.rpm $(abspath $(PACKAGES))/*.$$(uname -m).rpm && rm -r $$work
	@for release in $(RELEASES); do echo "== $$release"; test/packages/clean-debian.sh $$release $(PACKAGES) || exit 1; done
