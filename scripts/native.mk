# The native program: TypeScript to WebAssembly (asc), to C (wasm2c), to an executable (cc).

HOST = src/host
# What asc takes too: the rest of src/ is for Node alone.
CORE = amime-receive.ts assemblyscript.d.ts errors.ts printable.ts footer host html insert list mime transport
CORE_SOURCES := $(shell find $(CORE:%=src/%) -name '*.ts')
HOST_SOURCES := $(wildcard $(HOST)/*.c $(HOST)/*.h) $(HOST)/Makefile
COMPILE = $(MAKE) --no-print-directory -s -C $(HOST) CORE=$(abspath $(NATIVE)) VERSION=$(VERSION) WARNINGS='-Wall -Wextra -Werror'
SANITIZED = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

.PHONY: native native-static native-sanitized native-faulty need-cc

native: $(NATIVE)/mlmmj-amime-receive

need-cc:
	@command -v $(CC) >/dev/null || { echo 'The native program needs a C compiler: $(CC) is not installed (Debian: gcc, libc6-dev).' >&2; exit 1; }

# With names (--debug): a trap tells the function. 512 pages, 32 MiB, are the most it may ever use.
ASC = node_modules/.bin/asc -O3 --noAssert --runtime minimal --use abort= --sourceMap --maximumMemory 512 --debug

.PRECIOUS: %/core.c

# asc takes paths as from its base directory.
$(NATIVE)/core.wasm: $(CORE_SOURCES) package-lock.json scripts/native.mk
	@mkdir -p $(@D)
	@$(ASC) --baseDir src host/native.ts -o ../$@ --disableWarning

# Data becomes an image of the memory; the rest becomes C. image.c is written on the way.
%/core.c: %/core.wasm scripts/memory-image.ts
	@node_modules/.bin/tsx scripts/memory-image.ts $< $(@D)/code.wasm $(@D)/image.c
	@node_modules/.bin/wasm2c $(@D)/code.wasm -n core -o $@

$(NATIVE)/mlmmj-amime-receive: $(NATIVE)/core.c $(HOST_SOURCES) | need-cc
	@$(COMPILE) OUT=$(abspath $(NATIVE))

# With musl inside: for any Linux, however old its libc.
native-static: $(NATIVE)/core.c
	@mkdir -p $(NATIVE)/static
	@$(COMPILE) OUT=$(abspath $(NATIVE)/static) CC=musl-gcc

native-sanitized: $(NATIVE)/core.c
	@mkdir -p $(NATIVE)/sanitized
	@$(COMPILE) OUT=$(abspath $(NATIVE)/sanitized) CFLAGS='$(SANITIZED)' CORE_CFLAGS='$(SANITIZED)' HARDENED=-fPIE LINKED='-pie $(SANITIZED)'

# The host with a stand-in for the shared code, which comes to grief when it is told to.
native-faulty: $(NATIVE)/faulty/mlmmj-amime-receive $(NATIVE)/faulty/posix/mlmmj-amime-receive

$(NATIVE)/faulty/core.wasm: test/host/faulty-core.ts src/host/system.ts src/host/files.ts package-lock.json
	@mkdir -p $(@D)
	@$(ASC) $< -o $@ --disableWarning

$(NATIVE)/faulty/mlmmj-amime-receive: $(NATIVE)/faulty/core.c $(HOST_SOURCES) | need-cc
	@$(COMPILE) CORE=$(abspath $(NATIVE)/faulty) OUT=$(abspath $(NATIVE)/faulty) CORE_CFLAGS=-O1

# Without what only Linux has: what other systems fall back on.
$(NATIVE)/faulty/posix/mlmmj-amime-receive: $(NATIVE)/faulty/core.c $(HOST_SOURCES) | need-cc
	@mkdir -p $(@D)
	@$(COMPILE) CORE=$(abspath $(NATIVE)/faulty) OUT=$(abspath $(@D)) CFLAGS='-O2 -DPOSIX_ONLY' CORE_CFLAGS=-O1
