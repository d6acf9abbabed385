/* The run-time that the C made by wasm2c needs; see wasm-rt.h. */
#include "wasm-rt.h"

#include <stdlib.h>
#include <sys/mman.h>

#ifndef MAP_ANONYMOUS
#define MAP_ANONYMOUS MAP_ANON
#endif

sigjmp_buf wasm_rt_jmp_buf;
volatile bool wasm_rt_in_host;
struct wasm_rt_calls wasm_rt_calls;

void wasm_rt_trap(wasm_rt_trap_t trap) { siglongjmp(wasm_rt_jmp_buf, trap); }

const char *wasm_rt_strerror(wasm_rt_trap_t trap) {
  switch (trap) {
    case WASM_RT_TRAP_NONE: return "none";
    case WASM_RT_TRAP_OOB: return "out of bounds";
    case WASM_RT_TRAP_INT_OVERFLOW: return "integer overflow";
    case WASM_RT_TRAP_DIV_BY_ZERO: return "division by zero";
    case WASM_RT_TRAP_INVALID_CONVERSION: return "invalid conversion";
    case WASM_RT_TRAP_UNREACHABLE: return "unreachable";
    case WASM_RT_TRAP_CALL_INDIRECT: return "wrong function type";
    case WASM_RT_TRAP_EXHAUSTION: return "too many nested calls";
    case WASM_RT_TRAP_TIMEOUT: return "timeout";
  }
  return "unknown";
}

/* Anonymous pages: they are zero, and cost nothing before they are written. */
static uint8_t *map(uint64_t size) {
  void *data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return data == MAP_FAILED ? NULL : data;
}

static uint8_t *remap(uint8_t *data, uint64_t old_size, uint64_t size) {
#ifdef MREMAP_MAYMOVE
  void *moved = mremap(data, old_size, size, MREMAP_MAYMOVE);
  return moved == MAP_FAILED ? NULL : moved;
#else
  uint8_t *moved = map(size);
  if (moved == NULL) return NULL;
  memcpy(moved, data, old_size);
  munmap(data, old_size);
  return moved;
#endif
}

void wasm_rt_allocate_memory(wasm_rt_memory_t *memory, uint64_t pages, uint64_t max_pages, bool is64, uint32_t page_size) {
  (void)is64, (void)page_size;
  uint64_t size = pages * WASM_RT_PAGE_SIZE;
  *memory = (wasm_rt_memory_t){.data = size == 0 ? NULL : map(size), .size = size, .pages = pages, .max_pages = max_pages};
  if (size > 0 && memory->data == NULL) {
    memory->size = memory->pages = 0;
    memory->refused = true;
    wasm_rt_trap(WASM_RT_TRAP_UNREACHABLE);
  }
}

uint64_t wasm_rt_grow_memory(wasm_rt_memory_t *memory, uint64_t pages) {
  uint64_t before = memory->pages;
  if (pages == 0) return before;
  uint8_t *data = NULL;
  uint64_t size = 0;
  if (pages <= memory->max_pages && before <= memory->max_pages - pages) {
    size = (before + pages) * WASM_RT_PAGE_SIZE;
    /* A jump out of here would leave the address of the memory that was. */
    bool in_host = wasm_rt_in_host;
    wasm_rt_in_host = true;
    data = before == 0 ? map(size) : remap(memory->data, memory->size, size);
    if (data != NULL) memory->data = data;
    wasm_rt_in_host = in_host;
  }
  if (data == NULL) {
    memory->refused = true;
    return (uint64_t)-1;
  }
  memory->size = size;
  memory->pages = before + pages;
  return before;
}

void wasm_rt_free_memory(wasm_rt_memory_t *memory) {
  if (memory->data != NULL) munmap(memory->data, memory->size);
  *memory = (wasm_rt_memory_t){0};
}

void wasm_rt_allocate_funcref_table(wasm_rt_funcref_table_t *table, uint32_t elements, uint32_t max_elements) {
  table->data = calloc(elements == 0 ? 1 : elements, sizeof *table->data);
  if (table->data == NULL) wasm_rt_trap(WASM_RT_TRAP_UNREACHABLE);
  table->size = elements;
  table->max_size = max_elements;
}

void wasm_rt_free_funcref_table(wasm_rt_funcref_table_t *table) {
  free(table->data);
  *table = (wasm_rt_funcref_table_t){0};
}
