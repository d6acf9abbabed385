/* A coverage-guided fuzzer of the shared code: any bytes are a message, and these laws hold for its plan.

   - Nothing traps.
   - The scanner's tokens are the message; without footers it goes out as it came.
   - Keep, Drop and Recode walk through the message from its beginning to its end, and the lengths are those that come out.
   - What was put in can be taken out again.
   - The plan is the same however wide the window is.
   - A footer that is in a text is not put there again.
   - Growth, memory and work are bounded, the last by the message's length.

   With -DSCALING=1 it looks for shapes that take more than linear time instead: a slice of the input is repeated, and twice as
   many of them may be twice the work.

   The footers and the options follow from the message's length, so that every message is a file as it is. */
#include "core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef SCALING
#define SCALING 0
#endif

/* In the order of plan.ts. */
enum { KEEP, DROP, INSERT, COPY, RECODE };

/* Of src/insert/plan.ts. */
enum { PLACE_LIMIT = 100, GROWTH_LIMIT = 1024 * 1024 };

/* Bytes of the message in memory at a time: as in a delivery, and as few as there may be. */
enum { WIDE = 65536, NARROW = 64 };

/* Pages of 64 KiB. A delivery of any message may have 8 MB in all. */
enum { MEMORY_LIMIT = 96 };

/* Steps of the planner from one collection of garbage to the next: as few as a delivery's first ones. */
enum { COLLECTED_STEPS = 8 };

/* Accesses of memory: what the footers cost in any message, and what a byte of it may cost on top. */
static const uint64_t FIXED_WORK = 20 * 1000 * 1000, WORK_A_BYTE = 4000;

typedef struct {
  uint8_t *bytes;
  size_t length, room;
} buffer_t;

typedef struct {
  buffer_t output, description;
  bool is_placed, is_cut_off;
} planned_t;

uint64_t work_done;

static w2c_core core;

struct w2c_plan {
  const uint8_t *bytes;
  size_t length;
} message;

static _Noreturn void found(const char *law) {
  fprintf(stderr, "\nbroken: %s\n", law);
  abort();
}

static void append(buffer_t *buffer, const uint8_t *bytes, size_t length) {
  if (buffer->room - buffer->length < length) {
    buffer->room = 2 * (buffer->length + length);
    buffer->bytes = realloc(buffer->bytes, buffer->room);
    if (buffer->bytes == NULL) abort();
  }
  if (length > 0) memcpy(buffer->bytes + buffer->length, bytes, length);
  buffer->length += length;
}

static bool equal(const uint8_t *bytes, size_t length, const buffer_t *other) {
  return length == other->length && (length == 0 || memcmp(bytes, other->bytes, length) == 0);
}

/* What the shared code asks for */

static uint8_t *view(uint32_t address, uint32_t length) {
  const wasm_rt_memory_t *memory = &core.w2c_memory;
  if (address > memory->size || length > memory->size - address) found("addresses are in the memory");
  return memory->data + address;
}

u32 w2c_memchr_find(struct w2c_memchr *unused, u32 address, u32 byte, u32 length) {
  (void)unused;
  const uint8_t *from = view(address, length), *at = memchr(from, (int)byte, length);
  u32 distance = at == NULL ? (u32)-1 : (u32)(at - from);
  work_done += 1 + (at == NULL ? length : distance) / 16;
  return distance;
}

u32 w2c_plan_readMessage(struct w2c_plan *source, f64 offset, u32 address, u32 length) {
  if (!(offset >= 0 && offset <= (f64)source->length)) found("reads are in the message");
  size_t from = (size_t)offset;
  if (length > source->length - from) length = (u32)(source->length - from);
  uint8_t *into = view(address, length);
  if (length > 0) memcpy(into, source->bytes + from, length);
  work_done += 50 + length / 16;
  return length;
}

/* Planning and writing */

static void trapped(wasm_rt_trap_t trap) {
  fprintf(stderr, "\ntrap: %s\n", wasm_rt_strerror(trap));
  for (uint32_t depth = wasm_rt_calls.depth; depth > 0; depth--)
    if (depth <= WASM_RT_MAX_CALL_STACK_DEPTH) fprintf(stderr, "  %s\n", wasm_rt_calls.names[depth]);
  found("nothing traps");
}

static void start(void) {
  static bool is_started;
  if (!is_started) wasm2c_core_instantiate(&core, NULL, &message);
  is_started = true;
}

static void set_message(const uint8_t *bytes, size_t length) {
  message.bytes = bytes;
  message.length = length;
}

/* A collection walks through all that lives, and costs more than most steps. */
static void make_plan(uint32_t width, size_t options) {
  w2c_core_begin(&core, (f64)message.length, width, options & 1, options >> 1 & 1, options >> 2 & 1);
  for (uint32_t steps = 1; w2c_core_step(&core); steps++)
    if (steps % COLLECTED_STEPS == 0) w2c_core_collect(&core);
  w2c_core_collect(&core);
}

static void write_output(buffer_t *output) {
  for (;;) {
    uint32_t length = w2c_core_write(&core);
    if (length == (uint32_t)-1) found("a plan can be carried out");
    if (length == 0) return;
    append(output, view(w2c_core_pieceAddress(&core), length), length);
  }
}

static planned_t plan(uint32_t width, size_t options) {
  planned_t planned = {0};
  make_plan(width, options);
  uint32_t length = w2c_core_describe(&core);
  append(&planned.description, view(w2c_core_descriptionAddress(&core), length), length);
  planned.is_placed = w2c_core_isPlaced(&core);
  planned.is_cut_off = w2c_core_isCutOff(&core);
  return planned;
}

static void discard(planned_t *planned) {
  free(planned->output.bytes);
  free(planned->description.bytes);
}

/* The laws */

static void check_identity(void) {
  if (!w2c_core_isScannedWhole(&core, (f64)message.length, WIDE)) found("the tokens are the message");
  if (!w2c_core_isScannedWhole(&core, (f64)message.length, NARROW)) found("the tokens are the message");
  buffer_t output = {0};
  w2c_core_planNothing(&core, (f64)message.length);
  write_output(&output);
  size_t added = output.length - message.length;
  if (added > 2 || (added > 0 && output.bytes[output.length - 1] != '\n')) found("without footers nothing is added");
  output.length = message.length;
  if (!equal(message.bytes, message.length, &output)) found("without footers nothing is changed");
  free(output.bytes);
}

/* The operations of the plan at hand, against the message and what came out. */
static void check_operations(const buffer_t *output) {
  uint32_t count = w2c_core_operationCount(&core), insertions = 0;
  if (count == 0) {
    if (!equal(message.bytes, message.length, output)) found("an empty plan changes nothing");
    return;
  }
  double at = 0, out = 0, growth = 0;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t kind = w2c_core_operationKind(&core, i);
    double from = w2c_core_operationStart(&core, i), to = w2c_core_operationEnd(&core, i);
    double length = w2c_core_operationLength(&core, i);
    if (!(from >= 0 && from <= to && to <= (double)message.length && length >= 0)) found("ranges are in the message");
    if (kind == KEEP || kind == DROP || kind == RECODE) {
      if (from != at) found("each range begins where the one before it ended");
      at = to;
    }
    if ((kind == KEEP || kind == COPY) && length != to - from) found("a range has its length");
    if (kind == DROP && length != 0) found("what is dropped does not go out");
    if (kind == INSERT || kind == COPY) growth += length;
    if (kind == DROP) growth -= to - from;
    if (kind == INSERT || kind == RECODE) insertions++;
    if (out + length > (double)output->length) found("what comes out is as long as planned");
    /* Taken out again: what is kept is there, whatever was put in around it. */
    if (kind == KEEP && length > 0 && memcmp(message.bytes + (size_t)from, output->bytes + (size_t)out, (size_t)length) != 0)
      found("what is kept goes out as it came");
    out += length;
  }
  if (at != (double)message.length) found("the ranges are the message");
  if (out != (double)output->length) found("what comes out is as long as planned");
  /* HTML has an edit for each tag that it closes, so places are not counted one by one. The last line end is one more. */
  if (growth > GROWTH_LIMIT + 2) found("a message grows by no more than the limit");
  if (insertions > 4 * PLACE_LIMIT + 1) found("a message has no more places than the limit");
}

static uint64_t work_limit(size_t length) { return FIXED_WORK + WORK_A_BYTE * length; }

static void check_bounds(uint64_t work) {
  if (core.w2c_memory.pages > MEMORY_LIMIT) {
    fprintf(stderr, "\n%zu bytes, %llu pages\n", message.length, (unsigned long long)core.w2c_memory.pages);
    found("memory is bounded");
  }
  if (work > work_limit(message.length)) {
    fprintf(stderr, "\n%zu bytes, %llu accesses\n", message.length, (unsigned long long)work);
    found("work is in proportion to the message");
  }
}

static void check_second_pass(const planned_t *first, size_t options) {
  set_message(first->output.bytes, first->output.length);
  planned_t second = plan(WIDE, options);
  if (second.is_placed) {
    fprintf(stderr, "\nonce:\n%.*s\n", (int)first->description.length, first->description.bytes);
    fprintf(stderr, "\nagain:\n%.*s\n", (int)second.description.length, second.description.bytes);
    found("a footer that is there is not put there again");
  }
  discard(&second);
}

static void check(const uint8_t *bytes, size_t length) {
  size_t options = length & 7;
  set_message(bytes, length);
  check_identity();

  uint64_t before = work_done;
  planned_t wide = plan(WIDE, options);
  check_bounds(work_done - before);
  write_output(&wide.output);
  check_operations(&wide.output);

  planned_t narrow = plan(NARROW, options);
  if (!equal(narrow.description.bytes, narrow.description.length, &wide.description)) {
    fprintf(stderr, "\nwide:\n%.*s\n", (int)wide.description.length, wide.description.bytes);
    fprintf(stderr, "\nnarrow:\n%.*s\n", (int)narrow.description.length, narrow.description.bytes);
    found("the plan is the same through any window");
  }

  /* A last line end that was missing can itself end a tag, or whatever else kept a footer out of another part. */
  bool is_complete = length > 0 && bytes[length - 1] == '\n' && !wide.is_cut_off;
  if (wide.is_placed && is_complete) check_second_pass(&wide, options);
  discard(&wide);
  discard(&narrow);
}

/* Shapes that take more than linear time */

/* Bytes that the slices take at first, and how often they are doubled. */
enum { REPEATED = 12000, DOUBLINGS = 4 };

static uint32_t hash(const uint8_t *bytes, size_t length) {
  uint32_t value = 2166136261u;
  for (size_t i = 0; i < length; i++) value = (value ^ bytes[i]) * 16777619u;
  return value ^ value >> 15;
}

static double work_of(const uint8_t *bytes, size_t length, size_t from, size_t to, size_t times) {
  buffer_t repeated = {0};
  append(&repeated, bytes, from);
  for (size_t i = 0; i < times; i++) append(&repeated, bytes + from, to - from);
  append(&repeated, bytes + to, length - to);
  set_message(repeated.bytes, repeated.length);
  uint64_t before = work_done;
  make_plan(WIDE, length & 7);
  free(repeated.bytes);
  return (double)(work_done - before);
}

static void check_scaling(const uint8_t *bytes, size_t length) {
  if (length == 0) return;
  uint32_t choice = hash(bytes, length);
  size_t from = choice % length, most = length - from < 64 ? length - from : 64;
  size_t to = from + 1 + (choice >> 20) % most, times = REPEATED / (to - from);
  double none = work_of(bytes, length, from, to, 1), before = 0, work = 0;
  for (int i = 0; i <= DOUBLINGS; i++) {
    work = work_of(bytes, length, from, to, times << i) - none;
    /* A limit that is passed on the way costs something once, and not with each doubling. */
    if (i > 0 && (work < 1e6 || work < 2.5 * before)) return;
    if (i < DOUBLINGS) before = work;
  }
  fprintf(stderr, "\n%zu to %zu of %zu bytes, %zu times: %.0f accesses; half as often: %.0f\n", from, to, length,
          times << DOUBLINGS, work, before);
  found("twice the message is twice the work");
}

static void run(const uint8_t *bytes, size_t length) {
  wasm_rt_trap_t trap = (wasm_rt_trap_t)sigsetjmp(wasm_rt_jmp_buf, 0);
  if (trap != WASM_RT_TRAP_NONE) trapped(trap);
  start();
  if (SCALING) check_scaling(bytes, length);
  else check(bytes, length);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  run(bytes, length);
  return 0;
}

#ifdef REPLAY

/* Without a fuzzer: the files that are named. */
int main(int argc, char **argv) {
  static uint8_t bytes[1 << 20];
  for (int i = 1; i < argc; i++) {
    FILE *file = fopen(argv[i], "rb");
    if (file == NULL) {
      perror(argv[i]);
      return 1;
    }
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    /* The name stands last before what is said of a broken law. */
    fprintf(stderr, "\r%s", argv[i]);
    run(bytes, length);
  }
  fprintf(stderr, "\n");
  printf("%d messages\n", argc - 1);
  return 0;
}

#endif
