/* What the shared code calls, as system.ts declares it. Nothing here ends the shared code by a jump; but the clock may do so at
   any time, so nothing here can be left half done: no malloc, no stdio. */
#include "system.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* A path or a name, as a string of C. */
static const char *string_at(struct w2c_system *system, uint32_t address, uint32_t length) {
  static char string[PATH_MAX];
  const uint8_t *from = view(address, length);
  if (from == NULL) system->error = EFAULT;
  else if (length >= sizeof string) system->error = ENAMETOOLONG;
  else if (memchr(from, 0, length) != NULL) system->error = EINVAL;
  else {
    memcpy(string, from, length);
    string[length] = '\0';
    return string;
  }
  return NULL;
}

/* Copies as much as there is room for; how much there was. */
static uint32_t give(const char *string, uint32_t address, uint32_t capacity) {
  size_t length = strlen(string);
  uint8_t *into = view(address, capacity);
  if (into != NULL) memcpy(into, string, length < capacity ? length : capacity);
  return (uint32_t)length;
}

u32 w2c_memchr_find(struct w2c_memchr *unused, u32 address, u32 byte, u32 length) {
  (void)unused;
  const uint8_t *from = view(address, length);
  const uint8_t *found = from == NULL ? NULL : memchr(from, (int)byte, length);
  return found == NULL ? NONE : (u32)(found - from);
}

u32 w2c_system_readMessage(struct w2c_system *system, f64 offset, u32 address, u32 length) {
  uint8_t *into = view(address, length);
  if (into == NULL || system->post == NULL || !(offset >= 0 && offset <= (f64)system->post->size)) return NONE;
  ssize_t got = read_at(system->post, (uint64_t)offset, into, length);
  return got < 0 ? NONE : (u32)got;
}

u32 w2c_system_argument(struct w2c_system *system, u32 index, u32 address, u32 capacity) {
  return index < system->count ? give(system->arguments[index], address, capacity) : NONE;
}

u32 w2c_system_variable(struct w2c_system *system, u32 address, u32 length, u32 into, u32 capacity) {
  const char *name = string_at(system, address, length), *value = name == NULL ? NULL : getenv(name);
  return value == NULL ? NONE : give(value, into, capacity);
}

u32 w2c_system_version(struct w2c_system *system, u32 address, u32 capacity) {
  (void)system;
  return give(VERSION, address, capacity);
}

/* In the order of FileKind. */
enum { MISSING, DIRECTORY, REGULAR, OTHER, UNKNOWN };

u32 w2c_system_lookAt(struct w2c_system *system, u32 address, u32 length) {
  struct stat status;
  const char *path = string_at(system, address, length);
  if (path == NULL) return UNKNOWN;
  if (stat(path, &status) != 0) {
    system->error = errno;
    return errno == ENOENT ? MISSING : UNKNOWN;
  }
  system->owner = status.st_uid;
  return S_ISDIR(status.st_mode) ? DIRECTORY : S_ISREG(status.st_mode) ? REGULAR : OTHER;
}

f64 w2c_system_owner(struct w2c_system *system) { return system->owner; }

u32 w2c_system_errorName(struct w2c_system *system, u32 address, u32 capacity) {
  return give(error_name(system->error), address, capacity);
}

enum { FAILED = -1, IRREGULAR = -2 };

static int kind_problem(struct w2c_system *system, const struct stat *status) {
  if (S_ISREG(status->st_mode)) return 0;
  system->error = EISDIR;
  return S_ISDIR(status->st_mode) ? FAILED : IRREGULAR;
}

/* Only regular files are opened, and nothing is waited for should something else have taken the place of one. */
static int open_regular(struct w2c_system *system, const char *path) {
  struct stat status;
  int file = stat(path, &status), problem = file == 0 ? kind_problem(system, &status) : 0;
  if (problem != 0) return problem;
  if (file == 0) file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (file >= 0 && fstat(file, &status) == 0) problem = kind_problem(system, &status);
  else system->error = errno, problem = FAILED;
  if (problem != 0 && file >= 0) close(file);
  return problem != 0 ? problem : file;
}

u32 w2c_system_readFile(struct w2c_system *system, u32 address, u32 length, u32 into, u32 capacity) {
  const char *path = string_at(system, address, length);
  uint8_t *bytes = view(into, capacity);
  int file = path == NULL || bytes == NULL ? FAILED : open_regular(system, path);
  if (file < 0) return (u32)file;
  ssize_t done = 0, got = 1;
  while ((u32)done < capacity && got != 0) {
    got = read(file, bytes + done, capacity - (u32)done);
    if (got >= 0) done += got;
    else if (errno != EINTR) break;
  }
  if (got < 0) system->error = errno, done = FAILED;
  close(file);
  return (u32)done;
}

u32 w2c_system_isExecutable(struct w2c_system *system, u32 address, u32 length) {
  const char *path = string_at(system, address, length);
  return path != NULL && access(path, X_OK) == 0;
}

/* Bytes, or -1 where that cannot be told. */
f64 w2c_system_freeBytes(struct w2c_system *system, u32 address, u32 length) {
  struct statvfs status;
  const char *path = string_at(system, address, length);
  if (path == NULL || statvfs(path, &status) != 0) return -1;
  return (f64)status.f_bavail * (f64)(status.f_frsize != 0 ? status.f_frsize : status.f_bsize);
}

f64 w2c_system_user(struct w2c_system *system) {
  (void)system;
  return geteuid();
}

u32 w2c_system_isTerminal(struct w2c_system *system) {
  (void)system;
  return isatty(0) == 1;
}
