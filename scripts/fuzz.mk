# The fuzzer of the shared code (test/fuzz/plan.c has the laws). It needs clang with its run-time libraries (Debian:
# clang, libclang-rt-14-dev); the run over the seeds needs cc alone.

FUZZ = $(NATIVE)/fuzz
FUZZER = test/fuzz
SEEDS = $(FUZZER)/seeds
# What the fuzzer found worth keeping, from one run to the next.
CORPUS = $(FUZZ)/corpus
FUZZ_SECONDS = 60

CLANG = clang
FUZZ_SOURCES = $(FUZZER)/plan.c $(HOST)/wasm-rt.c $(FUZZ)/image.c
FUZZ_FLAGS = -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -I$(FUZZ) -I$(FUZZER) -I$(HOST)
# Every access of the memory is a comparison, so to trace comparisons takes four times as long as all else.
FUZZ_COVERAGE = -fsanitize=fuzzer -fno-sanitize-coverage=trace-cmp -fsanitize-coverage-ignorelist=$(FUZZER)/uncovered.txt
FUZZ_OPTIONS = -dict=$(FUZZER)/mail.dict -max_len=1500 -timeout=20 -rss_limit_mb=1024 -entropic=0 \
  -max_total_time=$(FUZZ_SECONDS) -print_final_stats=1 -artifact_prefix=$(FUZZ)/

.PHONY: fuzz fuzz-sanitized fuzz-scaling fuzz-seeds

fuzz: $(FUZZ)/fuzz
	@mkdir -p $(CORPUS)
	@$(FUZZ)/fuzz $(FUZZ_OPTIONS) $(CORPUS) $(SEEDS)

# Without the search for leaks, which some containers do not allow; the shared code has its own memory anyway.
fuzz-sanitized: $(FUZZ)/fuzz-sanitized
	@mkdir -p $(CORPUS)
	@ASAN_OPTIONS=detect_leaks=0 $(FUZZ)/fuzz-sanitized $(FUZZ_OPTIONS) $(CORPUS) $(SEEDS)

# Looks for shapes that take more than linear time.
fuzz-scaling: $(FUZZ)/fuzz-scaling
	@mkdir -p $(CORPUS)
	@$(FUZZ)/fuzz-scaling $(FUZZ_OPTIONS) $(CORPUS) $(SEEDS)

# The same laws for the seeds, and nothing else: the same each time.
fuzz-seeds: $(FUZZ)/replay
	@$(FUZZ)/replay $(SEEDS)/*

$(FUZZ)/core.wasm: $(FUZZER)/plan.ts $(CORE_SOURCES) package-lock.json scripts/native.mk
	@mkdir -p $(@D)
	@$(ASC) $< -o $@ --disableWarning

FUZZ_NEEDS = $(FUZZ)/core.c $(FUZZER)/plan.c $(FUZZER)/wasm-rt.h $(HOST)/wasm-rt.c $(HOST)/wasm-rt.h

$(FUZZ)/fuzz: $(FUZZ)/core-fuzz.o $(FUZZ_NEEDS)
	@$(CLANG) -O2 -g1 $(FUZZ_COVERAGE) $(FUZZ_FLAGS) $(FUZZ_SOURCES) $< -lm -o $@

$(FUZZ)/fuzz-scaling: $(FUZZ)/core-fuzz.o $(FUZZ_NEEDS)
	@$(CLANG) -O2 -g1 -DSCALING=1 $(FUZZ_COVERAGE) $(FUZZ_FLAGS) $(FUZZ_SOURCES) $< -lm -o $@

$(FUZZ)/fuzz-sanitized: $(FUZZ)/core-sanitized.o $(FUZZ_NEEDS)
	@$(CLANG) $(SANITIZED) $(FUZZ_COVERAGE) $(FUZZ_FLAGS) $(FUZZ_SOURCES) $< -lm -o $@

$(FUZZ)/replay: $(FUZZ)/core-replay.o $(FUZZ_NEEDS) | need-cc
	@$(CC) -O1 -DREPLAY $(FUZZ_FLAGS) $(FUZZ_SOURCES) $< -lm -o $@

# What wasm2c has made is not ours to warn about.
$(FUZZ)/core-fuzz.o: $(FUZZ_NEEDS)
	@$(CLANG) -O2 -g1 $(FUZZ_COVERAGE) $(FUZZ_FLAGS) -w -c $(FUZZ)/core.c -o $@

$(FUZZ)/core-sanitized.o: $(FUZZ_NEEDS)
	@$(CLANG) $(SANITIZED) $(FUZZ_COVERAGE) $(FUZZ_FLAGS) -w -c $(FUZZ)/core.c -o $@

# Compiled in a third of the time, and fast enough for some hundred messages.
$(FUZZ)/core-replay.o: $(FUZZ_NEEDS) | need-cc
	@$(CC) -O0 $(FUZZ_FLAGS) -w -c $(FUZZ)/core.c -o $@
