/* What is said, in one line each. */
#include "host.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Room enough for a reason; Postfix cuts off much later. */
#define LINE_LIMIT 300

bool write_all(int fd, const void *bytes, size_t length) {
  for (const char *from = bytes; length > 0;) {
    ssize_t written = write(fd, from, length);
    if (written >= 0) {
      from += written;
      length -= (size_t)written;
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      /* Whoever shares the descriptor wants it so. */
      if (poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1) < 0 && errno != EINTR) return false;
    } else if (errno != EINTR) return false;
  }
  return true;
}

/* Printable ASCII in one line. */
static size_t as_line(char *line, size_t length) {
  size_t kept = 0;
  for (size_t i = 0; i < length && kept < LINE_LIMIT; i++) {
    bool shows = line[i] > ' ' && line[i] <= '~';
    if (shows) line[kept++] = line[i];
    else if (kept > 0 && line[kept - 1] != ' ') line[kept++] = ' ';
  }
  while (kept > 0 && line[kept - 1] == ' ') kept--;
  line[kept++] = '\n';
  return kept;
}

void fail(const char *words, ...) {
  char line[1024] = "4.3.0 ";
  size_t begun = strlen(line);
  va_list arguments;
  va_start(arguments, words);
  vsnprintf(line + begun, sizeof line - begun, words, arguments);
  va_end(arguments);
  leave(2, line, as_line(line, strlen(line)), STATUS_TEMPORARY);
}

void fail_to_store(int error) {
  bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
  fail("%s (%s)", full ? "there is no room for the message" : "the message cannot be stored", error_name(error));
}

const char *error_name(int error) {
  static char number[32];
  switch (error) {
#define NAME(name) case name: return #name
    NAME(E2BIG); NAME(EACCES); NAME(EAGAIN); NAME(EBADF); NAME(EBUSY); NAME(ECHILD); NAME(EDQUOT); NAME(EEXIST); NAME(EFAULT);
    NAME(EFBIG); NAME(EINTR); NAME(EINVAL); NAME(EIO); NAME(EISDIR); NAME(ELOOP); NAME(EMFILE); NAME(ENAMETOOLONG);
    NAME(ENFILE); NAME(ENODEV); NAME(ENOENT); NAME(ENOEXEC); NAME(ENOMEM); NAME(ENOSPC); NAME(ENOSYS); NAME(ENOTDIR);
    NAME(ENXIO); NAME(EOPNOTSUPP); NAME(EOVERFLOW); NAME(EPERM); NAME(EPIPE); NAME(EROFS); NAME(ESPIPE); NAME(ESTALE);
    NAME(ETIMEDOUT); NAME(ETXTBSY); NAME(EXDEV);
#undef NAME
  }
  snprintf(number, sizeof number, "error %d", error);
  return number;
}
