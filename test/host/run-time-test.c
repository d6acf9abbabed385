/* wasm-rt.c by itself: memory that grows and moves, its maximum, tables, traps. Each check has its line where it fails. */
#include "wasm-rt.h"

#include <stdio.h>
#include <sys/resource.h>

/* No whole page: it is copied, into each memory. */
uint64_t wasm_rt_image[] = {0, 0, 0x0123456789abcdef};
const size_t wasm_rt_image_size = sizeof wasm_rt_image;

static int failures;

#define CHECK(truth) \
  do { \
    if (!(truth)) printf("line %d: %s\n", __LINE__, #truth), failures++; \
  } while (0)

#define PAGE ((size_t)WASM_RT_PAGE_SIZE)

static void memory_grows(void) {
  wasm_rt_memory_t memory;
  wasm_rt_allocate_memory(&memory, 1, 5, false, WASM_RT_PAGE_SIZE);
  CHECK(memory.size == PAGE && memory.pages == 1 && memory.max_pages == 5 && !memory.refused);
  CHECK(memory.data[15] == 0 && memory.data[16] == 0xef && memory.data[23] == 0x01 && memory.data[24] == 0);
  memory.data[0] = 1;
  memory.data[PAGE - 1] = 2;
  CHECK(wasm_rt_grow_memory(&memory, 0) == 1 && memory.size == PAGE);
  CHECK(wasm_rt_grow_memory(&memory, 3) == 1 && memory.size == 4 * PAGE && memory.pages == 4);
  CHECK(memory.data[0] == 1 && memory.data[PAGE - 1] == 2);
  size_t zeros = 0;
  for (size_t i = PAGE; i < memory.size; i++) zeros += memory.data[i] == 0;
  CHECK(zeros == 3 * PAGE);
  CHECK(wasm_rt_grow_memory(&memory, 2) == (uint64_t)-1 && memory.refused && memory.size == 4 * PAGE);
  CHECK(wasm_rt_grow_memory(&memory, UINT32_MAX) == (uint64_t)-1 && memory.size == 4 * PAGE);
  CHECK(wasm_rt_grow_memory(&memory, 1) == 4 && memory.size == 5 * PAGE);
  memory.data[5 * PAGE - 1] = 3;
  wasm_rt_free_memory(&memory);
  CHECK(memory.data == NULL && memory.size == 0);
}

static void limit_address_space(rlim_t bytes) {
  struct rlimit limit;
  getrlimit(RLIMIT_AS, &limit);
  limit.rlim_cur = bytes;
  CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
}

/* Where not all of it can be had at once. */
static void memory_moves(void) {
  struct rlimit before;
  getrlimit(RLIMIT_AS, &before);
  limit_address_space(40 << 20);
  wasm_rt_memory_t memory;
  wasm_rt_allocate_memory(&memory, 1, 65536, false, WASM_RT_PAGE_SIZE);
  CHECK(memory.mapped >= memory.size && memory.mapped < 40 << 20);
  limit_address_space(before.rlim_cur);
  memory.data[0] = 1;
  memory.data[PAGE - 1] = 2;
  const uint8_t *data = memory.data;
  uint64_t pages = memory.mapped / PAGE;
  CHECK(wasm_rt_grow_memory(&memory, pages - 1) == 1 && memory.data == data);
  memory.data[memory.size - 1] = 3;
  CHECK(wasm_rt_grow_memory(&memory, 1) == pages && memory.data != data && memory.size == (pages + 1) * PAGE);
  CHECK(memory.data[0] == 1 && memory.data[PAGE - 1] == 2 && memory.data[pages * PAGE - 1] == 3);
  CHECK(memory.data[pages * PAGE] == 0 && memory.data[memory.size - 1] == 0);
  wasm_rt_free_memory(&memory);
}

static void image_does_not_fit(void) {
  wasm_rt_memory_t memory;
  int trap = sigsetjmp(wasm_rt_jmp_buf, 1);
  if (trap == 0) wasm_rt_allocate_memory(&memory, 0, 2, false, WASM_RT_PAGE_SIZE);
  CHECK(trap == WASM_RT_TRAP_UNREACHABLE && memory.size == 0);
}

static void memory_is_refused(void) {
  struct rlimit before;
  getrlimit(RLIMIT_AS, &before);
  limit_address_space(40 << 20);
  wasm_rt_memory_t memory;
  wasm_rt_allocate_memory(&memory, 1, 65536, false, WASM_RT_PAGE_SIZE);
  memory.data[7] = 7;
  CHECK(wasm_rt_grow_memory(&memory, 1024) == (uint64_t)-1 && memory.refused);
  CHECK(memory.size == PAGE && memory.pages == 1 && memory.data[7] == 7);
  wasm_rt_memory_t none;
  int trap = sigsetjmp(wasm_rt_jmp_buf, 1);
  if (trap == 0) wasm_rt_allocate_memory(&none, 1024, 65536, false, WASM_RT_PAGE_SIZE);
  CHECK(trap == WASM_RT_TRAP_UNREACHABLE && none.refused && none.data == NULL && none.size == 0);
  limit_address_space(before.rlim_cur);
  wasm_rt_free_memory(&memory);
}

static void traps_come_back(void) {
  for (volatile int trap = WASM_RT_TRAP_OOB; trap <= WASM_RT_TRAP_TIMEOUT; trap++) {
    int caught = sigsetjmp(wasm_rt_jmp_buf, 1);
    if (caught == 0) wasm_rt_trap((wasm_rt_trap_t)trap);
    CHECK(caught == trap);
    CHECK(wasm_rt_strerror((wasm_rt_trap_t)trap)[0] != '\0' && strcmp(wasm_rt_strerror((wasm_rt_trap_t)trap), "unknown") != 0);
  }
}

static void tables_are_empty(void) {
  wasm_rt_funcref_table_t table;
  wasm_rt_allocate_funcref_table(&table, 3, 9);
  CHECK(table.size == 3 && table.max_size == 9);
  for (int i = 0; i < 3; i++) CHECK(table.data[i].func == NULL && table.data[i].func_type == NULL);
  wasm_rt_free_funcref_table(&table);
  CHECK(table.data == NULL && table.size == 0);
}

static uint32_t depth_reached;

static void call(uint32_t depth) {
  if (++wasm_rt_call_stack_depth > WASM_RT_MAX_CALL_STACK_DEPTH) wasm_rt_trap(WASM_RT_TRAP_EXHAUSTION);
  depth_reached = depth;
  if (depth < 2 * WASM_RT_MAX_CALL_STACK_DEPTH) call(depth + 1);
  --wasm_rt_call_stack_depth;
}

static void calls_are_counted(void) {
  CHECK(wasm_rt_calls.depth == 0);
  int trap = sigsetjmp(wasm_rt_jmp_buf, 1);
  if (trap == 0) call(1);
  CHECK(trap == WASM_RT_TRAP_EXHAUSTION && depth_reached == WASM_RT_MAX_CALL_STACK_DEPTH);
  CHECK(wasm_rt_calls.depth == WASM_RT_MAX_CALL_STACK_DEPTH + 1);
  CHECK(strcmp(wasm_rt_calls.names[WASM_RT_MAX_CALL_STACK_DEPTH], "call") == 0);
  wasm_rt_calls.depth = 0;
}

int main(void) {
  memory_grows();
  memory_moves();
  image_does_not_fit();
  memory_is_refused();
  traps_come_back();
  tables_are_empty();
  calls_are_counted();
  if (failures == 0) puts("all is right");
  return failures != 0;
}
