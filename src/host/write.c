/* The post as it goes out: what the plan says, into a second file. A wrong plan costs the footer, a full disk only time. */
#include "host.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#if !defined(POSIX_ONLY) && (defined(__linux__) || (defined(__FreeBSD__) && __FreeBSD__ >= 13))
#define HAS_COPY_FILE_RANGE 1
#endif

static uint8_t piece[65536];

static void put(const post_t *out, const void *bytes, size_t length) {
  if (!write_all(out->fd, bytes, length)) fail_to_store(errno);
}

/* In the kernel where it can; it may copy less than it was asked for, or nothing, or not be able to at all. */
static uint64_t copy_in_kernel(const post_t *post, const post_t *out, uint64_t offset, uint64_t length) {
  uint64_t done = 0;
#ifdef HAS_COPY_FILE_RANGE
  off_t from = (off_t)offset;
  while (done < length) {
    ssize_t copied = copy_file_range(post->fd, &from, out->fd, NULL, length - done, 0);
    if (copied <= 0) break;
    done += (uint64_t)copied;
  }
#else
  (void)post, (void)out, (void)offset, (void)length;
#endif
  return done;
}

static void copy(const post_t *post, const post_t *out, uint64_t start, uint64_t end) {
  if (post->bytes != NULL) {
    put(out, post->bytes + start, end - start);
    return;
  }
  start += copy_in_kernel(post, out, start, end - start);
  while (start < end) {
    size_t wanted = end - start < sizeof piece ? (size_t)(end - start) : sizeof piece;
    if (read_at(post, start, piece, wanted) != (ssize_t)wanted) fail("the message cannot be read again (%s)", error_name(errno));
    put(out, piece, wanted);
    start += wanted;
  }
}

/* How many bytes. */
static uint64_t recode(const post_t *out, uint32_t index) {
  uint64_t done = 0;
  size_t length;
  core_begin_recoding(index);
  for (const uint8_t *bytes; bytes = core_recoded(&length), length > 0; done += length) {
    put(out, bytes, length);
    core_collect();
  }
  return done;
}

typedef struct {
  const post_t *post;
  post_t *out;
} writing_t;

static void write_operations(void *context) {
  const writing_t *writing = context;
  const post_t *post = writing->post;
  post_t *out = writing->out;
  uint64_t at = 0;
  uint32_t count = core_operations();
  for (uint32_t i = 0; i < count; i++) {
    operation_t operation = core_operation(i);
    bool walks = operation.kind != OPERATION_INSERT && operation.kind != OPERATION_COPY;
    uint64_t written = 0;
    size_t length;
    if (operation.start > operation.end || operation.end > post->size) core_end("a range outside of the message");
    if (walks && operation.start != at) core_end("a range out of order");
    switch (operation.kind) {
      case OPERATION_KEEP:
      case OPERATION_COPY:
        copy(post, out, operation.start, operation.end);
        written = operation.end - operation.start;
        break;
      case OPERATION_DROP: break;
      case OPERATION_INSERT: {
        const uint8_t *bytes = core_inserted(i, &length);
        put(out, bytes, length);
        written = length;
        break;
      }
      case OPERATION_RECODE: written = recode(out, i); break;
    }
    if (written != operation.length) core_end("a length that is not so");
    if (walks) at = operation.end;
    out->size += written;
  }
  if (at != post->size) core_end("not all of the message");
}

bool write_planned(post_t *post) {
  post_t out = {.fd = anonymous_file(post->bytes != NULL)};
  if (out.fd < 0) fail_to_store(errno);
  writing_t writing = {post, &out};
  if (!core_run(write_operations, &writing)) {
    discard_post(&out);
    return false;
  }
  struct stat status;
  if (fstat(out.fd, &status) != 0 || (uint64_t)status.st_size != out.size) fail("the message was not written whole");
  discard_post(post);
  *post = out;
  return true;
}

void write_out(const post_t *post) {
  ssize_t length;
  for (uint64_t at = 0; at < post->size; at += (uint64_t)length) {
    length = read_at(post, at, piece, sizeof piece);
    if (length <= 0) fail("the message cannot be read again (%s)", error_name(errno));
    if (!write_all(1, piece, (size_t)length)) fail("standard output cannot be written (%s)", error_name(errno));
  }
}
