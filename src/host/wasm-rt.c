/* The run-time that the C made by wasm2c needs; see wasm-rt.h. */
#include "wasm-rt.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

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

/* Address space for as many bytes as can be had: `most`, or half of that, and so on, but no less than `least`. It is zero, and
   costs nothing before it is written. */
static uint8_t *map(uint64_t least, uint64_t most, uint64_t *mapped) {
  for (uint64_t size = most;; size = size / 2 > least ? size / 2 : least) {
    void *data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *mapped = size;
#ifdef MADV_NOHUGEPAGE
    /* Two megabytes for the first byte are too much. */
    if (data != MAP_FAILED) madvise(data, size, MADV_NOHUGEPAGE);
#endif
    if (data != MAP_FAILED) return data;
    if (size == least) return NULL;
  }
}

/* The image's pages are moved to where the memory begins; those that nobody asks for are never read from the executable. */
static void load_image(wasm_rt_memory_t *memory) {
#if defined(MREMAP_FIXED) && !defined(POSIX_ONLY)
  size_t page = (size_t)sysconf(_SC_PAGESIZE), size = wasm_rt_image_size;
  if ((uintptr_t)wasm_rt_image % page == 0 && size % page == 0) {
    if (mremap(wasm_rt_image, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, memory->data) != MAP_FAILED) return;
    /* What was there may be gone all the same. */
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    if (mmap(memory->data, size, PROT_READ | PROT_WRITE, flags, -1, 0) == MAP_FAILED) wasm_rt_trap(WASM_RT_TRAP_UNREACHABLE);
  }
#endif
  memcpy(memory->data, wasm_rt_image, wasm_rt_image_size);
}

void wasm_rt_allocate_memory(wasm_rt_memory_t *memory, uint64_t pages, uint64_t max_pages, bool is64, uint32_t page_size) {
  (void)is64, (void)page_size;
  uint64_t size = pages * WASM_RT_PAGE_SIZE;
  *memory = (wasm_rt_memory_t){.size = size, .pages = pages, .max_pages = max_pages};
  memory->data = map(size > 0 ? size : 1, max_pages * WASM_RT_PAGE_SIZE, &memory->mapped);
  if (memory->data == NULL || size < wasm_rt_image_size) {
    *memory = (wasm_rt_memory_t){.refused = true};
    wasm_rt_trap(WASM_RT_TRAP_UNREACHABLE);
  }
  load_image(memory);
}

/* Seldom: where not all of it could be had at once. */
static bool move(wasm_rt_memory_t *memory, uint64_t size) {
  uint64_t mapped;
  uint8_t *data = map(size, memory->max_pages * WASM_RT_PAGE_SIZE, &mapped);
  if (data == NULL) return false;
  memcpy(data, memory->data, memory->size);
  munmap(memory->data, memory->mapped);
  memory->data = data;
  memory->mapped = mapped;
  return true;
}

uint64_t wasm_rt_grow_memory(wasm_rt_memory_t *memory, uint64_t pages) {
  uint64_t before = memory->pages, size = 0;
  bool grows = pages <= memory->max_pages && before <= memory->max_pages - pages;
  if (grows) {
    size = (before + pages) * WASM_RT_PAGE_SIZE;
    /* A jump out of here would leave an address that is none any more. */
    bool in_host = wasm_rt_in_host;
    wasm_rt_in_host = true;
    grows = size <= memory->mapped || move(memory, size);
    wasm_rt_in_host = in_host;
  }
  if (!grows) {
    memory->refused = true;
    return (uint64_t)-1;
  }
  memory->size = size;
  memory->pages = before + pages;
  return before;
}

void wasm_rt_free_memory(wasm_rt_memory_t *memory) {
  if (memory->data != NULL) munmap(memory->data, memory->mapped);
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
