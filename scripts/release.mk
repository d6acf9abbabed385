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
