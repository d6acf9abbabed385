/* The post as it came, before anything is decided: in memory, or if it is large, in a file without a name beside the list. Such
   a file is gone with the last process that has it open, whatever that one dies of. */
#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

/* Bytes. Nearly all list mail is smaller. */
#define IN_MEMORY 524288

/* One more tells that there is more; one more for a newline. */
static uint8_t buffer[IN_MEMORY + 2];

static const char *spool_directory;
static bool may_go_elsewhere;

void set_spool_directory(const char *directory, bool or_elsewhere) {
  spool_directory = directory;
  may_go_elsewhere = or_elsewhere;
}

static int memory_file(void) {
#if defined(MFD_CLOEXEC) && !defined(POSIX_ONLY)
  /* vm.memfd_noexec wants it said; kernels before 6.3 do not know it. */
  int file = memfd_create("message", MFD_CLOEXEC | MFD_NOEXEC_SEAL);
  return file >= 0 || errno != EINVAL ? file : memfd_create("message", MFD_CLOEXEC);
#else
  errno = ENOSYS;
  return -1;
#endif
}

static int file_in(const char *directory) {
#if defined(O_TMPFILE) && !defined(POSIX_ONLY)
  int unnamed = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (unnamed >= 0) return unnamed;
#endif
  char path[PATH_MAX];
  if ((size_t)snprintf(path, sizeof path, "%s/.amime-XXXXXX", directory) >= sizeof path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  hold_signals();
  int file = mkstemp(path);
  if (file >= 0) {
    unlink(path);
    fcntl(file, F_SETFD, FD_CLOEXEC);
  }
  int error = errno;
  release_signals();
  errno = error;
  return file;
}

int anonymous_file(bool in_memory) {
  int file = in_memory ? memory_file() : -1;
  if (file < 0) file = file_in(spool_directory);
  if (file < 0 && may_go_elsewhere) {
    const char *directory = getenv("TMPDIR");
    file = file_in(directory != NULL && *directory != '\0' ? directory : "/tmp");
  }
  return file;
}

/* 0 at the end of the input. */
static size_t read_input(void *into, size_t length) {
  for (;;) {
    ssize_t got = read(0, into, length);
    if (got >= 0) return (size_t)got;
    if (errno == EAGAIN || errno == EWOULDBLOCK) poll(&(struct pollfd){.fd = 0, .events = POLLIN}, 1, -1);
    else if (errno != EINTR) fail("the message cannot be read (%s)", error_name(errno));
  }
}

void read_post(post_t *post) {
  *post = (post_t){.bytes = buffer, .fd = -1};
  size_t got;
  while (post->size <= IN_MEMORY && (got = read_input(buffer + post->size, IN_MEMORY + 1 - post->size)) > 0) post->size += got;
  if (post->size <= IN_MEMORY) return;
  put_into_file(post, false);
  while ((got = read_input(buffer, IN_MEMORY)) > 0) {
    if (!write_all(post->fd, buffer, got)) fail_to_store(errno);
    post->size += got;
  }
}

void put_into_file(post_t *post, bool in_memory) {
  if (post->bytes == NULL) return;
  post->fd = anonymous_file(in_memory);
  if (post->fd < 0 || !write_all(post->fd, post->bytes, post->size)) fail_to_store(errno);
  post->bytes = NULL;
}

ssize_t read_at(const post_t *post, uint64_t offset, void *into, size_t length) {
  if (offset >= post->size) return 0;
  if (length > post->size - offset) length = post->size - offset;
  if (post->bytes != NULL) {
    memcpy(into, post->bytes + offset, length);
    return (ssize_t)length;
  }
  size_t done = 0;
  while (done < length) {
    ssize_t got = pread(post->fd, (char *)into + done, length - done, (off_t)(offset + done));
    if (got > 0) done += (size_t)got;
    else if (got == 0) errno = EIO; /* it has become shorter */
    if (got == 0 || (got < 0 && errno != EINTR)) return -1;
  }
  return (ssize_t)done;
}

void end_last_line(post_t *post) {
  char last = '\n';
  if (post->size > 0 && read_at(post, post->size - 1, &last, 1) != 1) fail("the message cannot be read again (%s)", error_name(errno));
  if (last == '\n') return;
  if (post->bytes != NULL) post->bytes[post->size] = '\n';
  else if (!write_all(post->fd, "\n", 1)) fail_to_store(errno);
  post->size++;
}

void discard_post(post_t *post) {
  if (post->fd >= 0) close(post->fd);
  *post = (post_t){.fd = -1};
}
