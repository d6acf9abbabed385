/* The shared code, compiled from TypeScript by asc and wasm2c. It has a memory of its own and cannot reach out of it; it can be
   ended at any time, and must not be called again then. */
#include "system.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static w2c_core core;
static struct w2c_system system_calls;
static char trouble[96];
static const char *broken_rule;

/* Running it */

static void enter(void) { wasm_rt_in_host = false; }

static void come_back(void) {
  wasm_rt_in_host = true;
  if (system_calls.is_misused) wasm_rt_trap(WASM_RT_TRAP_OOB);
}

static uint32_t back(uint32_t value) {
  come_back();
  return value;
}

#define CALL(name, ...) (enter(), back(w2c_core_##name(&core, ##__VA_ARGS__)))

/* A function's name as TypeScript has it: wasm2c writes `0x2F` for a slash. */
static void copy_name(const char *name, char *into, size_t size) {
  static const char prefix[] = "w2c_core_";
  if (strncmp(name, prefix, sizeof prefix - 1) == 0) name += sizeof prefix - 1;
  size_t length = 0;
  while (*name != '\0' && length + 1 < size) {
    unsigned byte;
    if (sscanf(name, "0x%2X", &byte) == 1) name += 4;
    else byte = (unsigned char)*name++;
    into[length++] = (char)byte;
  }
  into[length] = '\0';
}

/* The innermost call of our own: those of the standard library begin with a tilde. */
static void copy_innermost(char *into, size_t size) {
  uint32_t depth = wasm_rt_calls.depth;
  if (depth > WASM_RT_MAX_CALL_STACK_DEPTH) depth = WASM_RT_MAX_CALL_STACK_DEPTH;
  snprintf(into, size, "start");
  for (; depth > 0; depth--) {
    copy_name(wasm_rt_calls.names[depth], into, size);
    if (into[0] != '~') return;
  }
}

bool core_run(void (*work)(void *context), void *context) {
  wasm_rt_trap_t trap = (wasm_rt_trap_t)sigsetjmp(wasm_rt_jmp_buf, 1);
  if (trap == WASM_RT_TRAP_NONE) {
    work(context);
    return true;
  }
  wasm_rt_in_host = true;
  char name[48];
  if (system_calls.misused_by != NULL) copy_name(system_calls.misused_by, name, sizeof name);
  else copy_innermost(name, sizeof name);
  const char *why = core.w2c_memory.refused ? "out of memory" : wasm_rt_strerror(trap);
  if (broken_rule != NULL) snprintf(trouble, sizeof trouble, "internal error (the plan has %s)", broken_rule);
  else if (trap == WASM_RT_TRAP_TIMEOUT) snprintf(trouble, sizeof trouble, "planning took too long (%s)", name);
  else snprintf(trouble, sizeof trouble, "internal error (%s: %s)", name, why);
  return false;
}

const char *core_trouble(void) { return trouble; }

void core_end(const char *rule) {
  broken_rule = rule;
  wasm_rt_trap(WASM_RT_TRAP_UNREACHABLE);
}

void core_time_out(void) { wasm_rt_trap(WASM_RT_TRAP_TIMEOUT); }

uint8_t *view(uint32_t address, uint32_t length) {
  const wasm_rt_memory_t *memory = &core.w2c_memory;
  if (address <= memory->size && length <= memory->size - address) return memory->data + address;
  if (!system_calls.is_misused) system_calls.misused_by = wasm_rt_calls.names[wasm_rt_calls.depth];
  system_calls.is_misused = true;
  return NULL;
}

/* What the host asks of it */

/* In the order of native.ts. */
typedef enum { TEXT_OUTPUT, TEXT_ERROR, TEXT_LIST, TEXT_ARGUMENT } text_t;

/* A copy; NULL where there are no more of them. */
static char *text(text_t which, uint32_t index) {
  uint32_t length = CALL(selectText, which, index);
  if (length == NONE) return NULL;
  uint32_t address = CALL(textAddress);
  const uint8_t *from = view(address, length);
  come_back();
  char *copy = malloc(length + 1);
  if (copy == NULL) fail("there is no memory");
  memcpy(copy, from, length);
  copy[length] = '\0';
  return copy;
}

call_t core_start(int argc, char **argv) {
  /* In the order of CallKind. */
  static const call_t calls[] = {CALL_DELIVER, CALL_COMMAND, CALL_ANSWER, CALL_ANSWER, CALL_ANSWER};
  system_calls.arguments = argv + 1;
  system_calls.count = argc > 0 ? (uint32_t)argc - 1 : 0;
  enter();
  wasm2c_core_instantiate(&core, NULL, &system_calls);
  come_back();
  uint32_t kind = CALL(start);
  if (kind >= sizeof calls / sizeof *calls) core_end("a call that is none");
  return calls[kind];
}

answer_t core_answer(void) {
  answer_t answer = {.status = (int)CALL(status)};
  answer.output = text(TEXT_OUTPUT, 0);
  answer.error = text(TEXT_ERROR, 0);
  return answer;
}

char *core_list(void) { return text(TEXT_LIST, 0); }
bool core_is_dry_run(void) { return CALL(isDryRun) != 0; }
unsigned core_deadline(void) { return CALL(deadlineSeconds); }

bool core_open(const post_t *post) {
  system_calls.post = post;
  return CALL(open, (f64)post->size) != 0;
}

char **core_receive_arguments(void) {
  uint32_t count = 0;
  char **arguments = NULL;
  do {
    arguments = realloc(arguments, (count + 1) * sizeof *arguments);
    if (arguments == NULL) fail("there is no memory");
    arguments[count] = text(TEXT_ARGUMENT, count);
  } while (arguments[count++] != NULL);
  return arguments;
}

bool core_step(void) { return CALL(step) != 0; }
bool core_is_room_left(void) { return CALL(isRoomLeft) != 0; }

#define CALL_VOID(name, ...) (enter(), w2c_core_##name(&core, ##__VA_ARGS__), come_back())

void core_collect(void) { CALL_VOID(collect); }
void core_succeed(void) { CALL_VOID(succeed); }

uint32_t core_operations(void) { return CALL(operationCount); }

static uint64_t as_offset(f64 value) {
  come_back();
  if (!(value >= 0 && value <= 9007199254740992.0)) core_end("an offset that is none");
  return (uint64_t)value;
}

operation_t core_operation(uint32_t index) {
  operation_t operation = {.kind = (operation_kind_t)CALL(operationKind, index)};
  enter();
  operation.start = as_offset(w2c_core_operationStart(&core, index));
  enter();
  operation.end = as_offset(w2c_core_operationEnd(&core, index));
  enter();
  operation.length = as_offset(w2c_core_operationLength(&core, index));
  return operation;
}

static const uint8_t *bytes_at(uint32_t address, size_t length) {
  const uint8_t *bytes = view(address, (uint32_t)length);
  come_back();
  return bytes;
}

const uint8_t *core_inserted(uint32_t index, size_t *length) {
  *length = CALL(insertionLength, index);
  return bytes_at(CALL(insertionAddress, index), *length);
}

void core_begin_recoding(uint32_t index) { CALL_VOID(beginRecoding, index); }

const uint8_t *core_recoded(size_t *length) {
  uint32_t recoded = CALL(recode);
  if (recoded == NONE) core_end("a text that cannot be recoded");
  *length = recoded;
  return bytes_at(CALL(recodedAddress), recoded);
}
