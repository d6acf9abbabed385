/* The programs that are started: mlmmj-receive, when all of the message lies in a file, and the one with the commands that
   people type. */
#include "host.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* mlmmj-receive */

/* Bytes of what it says that are read, and characters of that which are passed on. */
#define HEARD 4096
#define PASSED_ON 120

/* Becomes mlmmj-receive, in a child that still shares our memory. Returns the error where it cannot. */
static int become(char **argv, int message, int words) {
  if (dup2(message, 0) < 0 || dup2(words, 1) < 0 || dup2(words, 2) < 0) return errno;
  give_signals_back();
  execve(argv[0], argv, environ);
  return errno;
}

/* vfork, as posix_spawn sets every signal there is, which takes longer than all the rest. What the child says goes into a
   file: a pipe would have to be emptied, and what it leaves running may go on talking. */
static pid_t start(char **argv, int message, int words) {
  static volatile int error;
  pid_t child = vfork();
  if (child == 0) {
    error = become(argv, message, words);
    _exit(127);
  }
  if (child < 0) error = errno;
  if (error == 0) return child;
  if (child > 0) wait_for(child);
  if (error == ENOENT || error == ENOTDIR) fail("mlmmj-receive is not where it should be");
  if (error == EACCES) fail("mlmmj-receive may not be executed");
  fail("mlmmj-receive could not be started (%s)", error_name(error));
}

static bool is_in(char byte, const char *set) { return byte != '\0' && strchr(set, byte) != NULL; }

/* The first line that it said, printable and without paths: the poster may come to see it. */
static void first_words(int words, char *into, size_t size) {
  static char heard[HEARD + 1];
  ssize_t length = pread(words, heard, HEARD, 0);
  heard[length > 0 ? length : 0] = '\0';
  const char *at = heard + strspn(heard, " \t\r\n");
  char before = ' ';
  size_t kept = 0;
  while (*at != '\0' && !is_in(*at, "\r\n") && kept + 4 < size) {
    if (*at == '/' && is_in(before, " \t\"'(=:[")) {
      kept += (size_t)snprintf(into + kept, size - kept, "...");
      at += strcspn(at, " \t\r\n");
      continue;
    }
    before = *at++;
    into[kept++] = before >= ' ' && before <= '~' ? before : '?';
  }
  while (kept > 0 && into[kept - 1] == ' ') kept--;
  if (kept > PASSED_ON) kept = PASSED_ON - 3 + (size_t)snprintf(into + PASSED_ON - 3, 4, "...");
  into[kept] = '\0';
}

static const char *signal_name(int signal) {
  static char number[32];
  switch (signal) {
#define NAME(name) case name: return #name
    NAME(SIGABRT); NAME(SIGALRM); NAME(SIGBUS); NAME(SIGFPE); NAME(SIGHUP); NAME(SIGILL); NAME(SIGINT); NAME(SIGKILL);
    NAME(SIGPIPE); NAME(SIGQUIT); NAME(SIGSEGV); NAME(SIGSYS); NAME(SIGTERM); NAME(SIGXCPU); NAME(SIGXFSZ);
#undef NAME
  }
  snprintf(number, sizeof number, "signal %d", signal);
  return number;
}

void hand_over(char **argv, const post_t *post) {
  int words = anonymous_file(true);
  if (words < 0 || lseek(post->fd, 0, SEEK_SET) != 0) fail_to_store(errno);
  hold_signals();
  enter_phase(HANDING_OVER);
  int status = wait_for(start(argv, post->fd, words));
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    /* It shares our position in the file. It may well say that all is done and not have looked at the message. */
    off_t position = lseek(post->fd, 0, SEEK_CUR);
    if (position >= 0 && (uint64_t)position < post->size) fail("mlmmj-receive ended before it had read the whole message");
    return;
  }
  if (why_ended() != NULL) fail("%s", why_ended());
  static char said[HEARD];
  const char *colon = ": ";
  first_words(words, said, sizeof said);
  if (*said == '\0') colon = "";
  if (WIFSIGNALED(status)) fail("mlmmj-receive was killed by %s%s%s", signal_name(WTERMSIG(status)), colon, said);
  /* What a shell says of a program that it cannot find, or may not run. */
  if (WEXITSTATUS(status) == 127) fail("mlmmj-receive is not where it should be");
  if (WEXITSTATUS(status) == 126) fail("mlmmj-receive may not be executed");
  fail("mlmmj-receive failed with status %d%s%s", WEXITSTATUS(status), colon, said);
}

/* The commands that people type */

#define TOOLS "mlmmj-amime-receive-tools"

/* The directory that this executable is in, links followed, with a slash at its end. */
static bool find_own_directory(const char *name, char *directory) {
  char path[PATH_MAX];
  if (strchr(name, '/') != NULL) {
    if (realpath(name, directory) == NULL) return false;
  } else {
    const char *from = getenv("PATH");
    for (bool found = false; !found; from += strspn(from, ":")) {
      if (from == NULL || *from == '\0') return false;
      size_t length = strcspn(from, ":");
      int written = snprintf(path, sizeof path, "%.*s/%s", (int)length, from, name);
      found = written > 0 && (size_t)written < sizeof path && access(path, X_OK) == 0 && realpath(path, directory) != NULL;
      from += length;
    }
  }
  strrchr(directory, '/')[1] = '\0';
  return true;
}

void become_tools(char **argv) {
  static const char *const places[] = {"", "../lib/mlmmj-amime-receive/"};
  char directory[PATH_MAX], path[PATH_MAX + 64];
  int error = ENOENT;
  if (find_own_directory(argv[0], directory)) {
    for (size_t i = 0; i < sizeof places / sizeof *places && error == ENOENT; i++) {
      snprintf(path, sizeof path, "%s%s" TOOLS, directory, places[i]);
      argv[0] = path;
      execv(path, argv);
      error = errno;
    }
  }
  char line[512];
  int length = error == ENOENT
    ? snprintf(line, sizeof line, "mlmmj-amime-receive: the command \"%.60s\" is in " TOOLS ", which is not installed\n", argv[1])
    : snprintf(line, sizeof line, "mlmmj-amime-receive: " TOOLS " cannot be started (%s)\n", error_name(error));
  leave(2, line, (size_t)length, STATUS_UNAVAILABLE);
}
