/* Between the shared code and what it calls. */
#ifndef SYSTEM_H
#define SYSTEM_H

#include "core.h"
#include "host.h"

struct w2c_system {
  char **arguments;
  uint32_t count;
  const post_t *post;
  double owner;    /* of the file that was looked at last */
  int error;       /* of the last call that failed */
  bool is_misused; /* an address was outside of the memory */
  const char *misused_by;
};

/* Where an address in the shared code's memory is: good until the shared code goes on. NULL where not all of it is inside,
   which ends the shared code when it comes back. */
uint8_t *view(uint32_t address, uint32_t length);

/* What there is not. */
#define NONE ((uint32_t)-1)

#endif
