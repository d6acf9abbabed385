/* The run-time's header, with every check of an address counted: how much work the shared code does, on any machine alike. */
#include "../../src/host/wasm-rt.h"

#ifndef FUZZ_WASM_RT_H
#define FUZZ_WASM_RT_H

extern uint64_t work_done;

#undef UNLIKELY
#define UNLIKELY(x) (work_done++, __builtin_expect(!!(x), 0))

#endif
