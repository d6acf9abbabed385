/* What the C that wasm2c makes asks of its surroundings: one memory with bounds checked in software, tables of functions, and
   traps. No signal handlers, no reserved address space; what happens at a trap is decided by whoever called the module. */
#ifndef WASM_RT_H
#define WASM_RT_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The module's memory is little endian, and the generated code reads it as the processor does. (wasm2c can turn it around on
   big-endian machines; nothing here was ever tried on one.) */
#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "mlmmj-amime-receive is for little-endian machines; on others, use dist/amime-receive.js"
#endif
#define WABT_BIG_ENDIAN 0

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define wasm_rt_memcpy memcpy

/* Every access is compared with the memory's size: guard pages would need gigabytes of address space. */
#define WASM_RT_MEMCHECK_GUARD_PAGES 0
#define WASM_RT_USE_SEGUE 0
#define WASM_RT_SANITY_CHECKS 0

#define WASM_RT_PAGE_SIZE 65536u

/* Calls nested deeper than this are a trap, long before the C stack ends: frames take some hundred bytes. */
#define WASM_RT_MAX_CALL_STACK_DEPTH 400
#define WASM_RT_STACK_DEPTH_COUNT 1

/* Each call leaves its name, so that a trap can tell where it was, in a stripped executable too. wasm2c counts calls with
   `++wasm_rt_call_stack_depth` and `--wasm_rt_call_stack_depth`. */
#define wasm_rt_call_stack_depth (*wasm_rt_frame(__func__))

struct wasm_rt_calls {
  uint32_t depth;
  const char *names[WASM_RT_MAX_CALL_STACK_DEPTH + 2];
};
extern struct wasm_rt_calls wasm_rt_calls;

static inline uint32_t *wasm_rt_frame(const char *name) {
  wasm_rt_calls.names[wasm_rt_calls.depth + 1] = name;
  return &wasm_rt_calls.depth;
}

typedef enum {
  WASM_RT_TRAP_NONE,
  WASM_RT_TRAP_OOB,
  WASM_RT_TRAP_INT_OVERFLOW,
  WASM_RT_TRAP_DIV_BY_ZERO,
  WASM_RT_TRAP_INVALID_CONVERSION,
  WASM_RT_TRAP_UNREACHABLE,
  WASM_RT_TRAP_CALL_INDIRECT,
  WASM_RT_TRAP_EXHAUSTION,
  /* Not the module's own: it has run for too long. */
  WASM_RT_TRAP_TIMEOUT,
} wasm_rt_trap_t;

typedef enum { WASM_RT_I32, WASM_RT_I64, WASM_RT_F32, WASM_RT_F64, WASM_RT_V128, WASM_RT_FUNCREF, WASM_RT_EXTERNREF } wasm_rt_type_t;

typedef struct {
  uint8_t *data;
  uint64_t size; /* bytes */
  uint64_t pages;
  uint64_t max_pages;
  uint64_t mapped; /* bytes of address space; what is beyond `size` was never written */
  bool refused; /* it could not grow, at its maximum or at the system's */
} wasm_rt_memory_t;

/* The module's data, as its memory begins: memory-image.ts has taken it out of the module. A memory has it only once. */
extern uint64_t wasm_rt_image[];
extern const size_t wasm_rt_image_size;

typedef void (*wasm_rt_function_ptr_t)(void);
typedef const char *wasm_rt_func_type_t;
typedef struct wasm_rt_tailcallee_t {
  void (*fn)(void **instance_ptr, void *tail_call_stack, struct wasm_rt_tailcallee_t *next);
} wasm_rt_tailcallee_t;

typedef struct {
  wasm_rt_func_type_t func_type;
  wasm_rt_function_ptr_t func;
  wasm_rt_tailcallee_t func_tailcallee;
  void *module_instance;
} wasm_rt_funcref_t;

typedef void *wasm_rt_externref_t;

typedef struct {
  wasm_rt_funcref_t *data;
  uint32_t max_size;
  uint32_t size;
} wasm_rt_funcref_table_t;

typedef struct {
  wasm_rt_externref_t *data;
  uint32_t max_size;
  uint32_t size;
} wasm_rt_externref_table_t;

#define wasm_rt_funcref_null_value ((wasm_rt_funcref_t){NULL, NULL, {NULL}, NULL})
#define wasm_rt_externref_null_value ((wasm_rt_externref_t){NULL})

/* Where a trap goes: set with sigsetjmp (whose value then is the wasm_rt_trap_t) before the module is called. */
extern sigjmp_buf wasm_rt_jmp_buf;

/* Whether a function of the host is running, or one below: it must not be left by a jump. */
extern volatile bool wasm_rt_in_host;

_Noreturn void wasm_rt_trap(wasm_rt_trap_t trap);
const char *wasm_rt_strerror(wasm_rt_trap_t trap);

static inline bool wasm_rt_is_initialized(void) { return true; }

/* Without memory it is a trap. */
void wasm_rt_allocate_memory(wasm_rt_memory_t *memory, uint64_t pages, uint64_t max_pages, bool is64, uint32_t page_size);
/* The number of pages before, or (uint64_t)-1. The memory may have moved. */
uint64_t wasm_rt_grow_memory(wasm_rt_memory_t *memory, uint64_t pages);
void wasm_rt_free_memory(wasm_rt_memory_t *memory);

void wasm_rt_allocate_funcref_table(wasm_rt_funcref_table_t *table, uint32_t elements, uint32_t max_elements);
void wasm_rt_free_funcref_table(wasm_rt_funcref_table_t *table);

#endif
