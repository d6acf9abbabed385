/* Signals, time limits, and the way out. Postfix bounces what takes longer than its own limit (1000 seconds), even if it was
   stored meanwhile: so we give up earlier, and the mail stays in the queue. */
#include "host.h"
#include "wasm-rt.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Parts of the whole time: what comes last, mlmmj-receive, has at least what is left. */
#define SPOOLING_PART 0.7
#define PLANNING_PART 0.1 /* and the same for writing */
/* Seconds of processor time for planning, and for writing. */
#define PLANNING_SECONDS 60
/* How long mlmmj-receive may take to end by itself when we are told to. Mostly it takes milliseconds. */
#define GRACE_SECONDS 2
/* How long one that has been killed may take to be gone: not even that ends a process whose disk hangs. */
#define KILLED_SECONDS 30
/* How long a reader of our line may take. */
#define LEAVING_SECONDS 5
/* A signal that comes where it can do nothing comes again. */
#define REPEAT_SECONDS 0.05

static volatile sig_atomic_t phase = SPOOLING;
static volatile sig_atomic_t stopped_by;
static volatile sig_atomic_t status_on_leaving = STATUS_TEMPORARY;
static double begun, deadline, phase_end;
static bool is_late;
/* Said from a signal handler, where nothing can be printed. */
static char late_line[64], late_input_line[80];

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static struct timeval interval(double seconds) {
  if (seconds < 0.001) seconds = 0.001;
  time_t whole = (time_t)seconds;
  return (struct timeval){.tv_sec = whole, .tv_usec = (suseconds_t)((seconds - (double)whole) * 1e6)};
}

/* 0 seconds: never. */
static void alarm_in(int timer, double seconds) {
  struct itimerval when = {0};
  if (seconds != 0) when = (struct itimerval){.it_value = interval(seconds), .it_interval = interval(REPEAT_SECONDS)};
  setitimer(timer, &when, NULL);
}

static const char *name_of(int signal) {
  switch (signal) {
    case SIGHUP: return "SIGHUP";
    case SIGINT: return "SIGINT";
    default: return "SIGTERM";
  }
}

void leave(int fd, const char *line, size_t length, int status) {
  status_on_leaving = status;
  enter_phase(LEAVING);
  release_signals();
  write_all(fd, line, length);
  _exit(status);
}

static _Noreturn void leave_stopped(int signal) {
  char line[64] = "4.3.0 stopped by ";
  strcat(strcat(line, name_of(signal)), "\n");
  leave(2, line, strlen(line), STATUS_TEMPORARY);
}

static void on_signal(int signal) {
  int error = errno;
  bool is_clock = signal == SIGALRM || signal == SIGVTALRM;
  switch (phase) {
    case LEAVING: _exit(status_on_leaving);
    case HANDING_OVER: /* it has woken wait_for, which sees to the rest */
      if (!is_clock) stopped_by = signal;
      break;
    default: /* nothing has been handed over */
      if (!is_clock) leave_stopped(signal);
      double time = now();
      if (time >= deadline) leave(2, late_line, strlen(late_line), STATUS_TEMPORARY);
      if (signal == SIGALRM && time < phase_end) break;
      if (phase == SPOOLING) leave(2, late_input_line, strlen(late_input_line), STATUS_TEMPORARY);
      if (!wasm_rt_in_host) core_time_out();
  }
  errno = error;
}

static void on_child(int signal) { (void)signal; /* it has woken wait_for */ }

static struct {
  int signal;
  void (*handler)(int);
  bool was_ignored;
} signals[] = {
  {SIGHUP, on_signal, false}, {SIGINT, on_signal, false}, {SIGTERM, on_signal, false}, {SIGALRM, on_signal, false},
  {SIGVTALRM, on_signal, false},
  /* If it came ignored, the system would forget how mlmmj-receive ends, and what was stored would look like a failure. */
  {SIGCHLD, on_child, false},
  /* EPIPE and EFBIG tell what is wrong, and nobody has to die of it. */
  {SIGPIPE, SIG_IGN, false}, {SIGXFSZ, SIG_IGN, false},
};

#define SIGNALS (sizeof signals / sizeof *signals)

static void set_handler(int signal, void (*handler)(int), struct sigaction *before) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, before);
}

void catch_signals(void) {
  release_signals();
  for (size_t i = 0; i < SIGNALS; i++) {
    struct sigaction before = {.sa_handler = SIG_DFL};
    int signal = signals[i].signal;
    set_handler(signal, signals[i].handler, &before);
    signals[i].was_ignored = before.sa_handler == SIG_IGN;
    /* nohup wants it so. */
    bool ends_us = signal == SIGHUP || signal == SIGINT || signal == SIGTERM;
    if (signals[i].was_ignored && ends_us) set_handler(signal, SIG_IGN, NULL);
  }
}

void give_signals_back(void) {
  for (size_t i = 0; i < SIGNALS; i++) {
    bool stays_ignored = signals[i].was_ignored && signals[i].signal != SIGCHLD;
    set_handler(signals[i].signal, stays_ignored ? SIG_IGN : SIG_DFL, NULL);
  }
  release_signals();
}

void set_deadline(unsigned seconds) {
  begun = now();
  deadline = begun + seconds;
  snprintf(late_line, sizeof late_line, "4.3.0 not done within %u seconds\n", seconds);
  unsigned input_seconds = (unsigned)(seconds * SPOOLING_PART + 0.5);
  snprintf(late_input_line, sizeof late_input_line, "4.3.0 the message did not come within %u seconds\n", input_seconds);
}

void enter_phase(phase_t next) {
  double time = now(), whole = deadline - begun;
  switch (next) {
    case SPOOLING: phase_end = begun + whole * SPOOLING_PART; break;
    case PLANNING:
    case WRITING: phase_end = time + whole * PLANNING_PART; break;
    case HANDING_OVER: phase_end = deadline; break;
    case LEAVING: phase_end = time + LEAVING_SECONDS; break;
  }
  phase = next;
  static bool counts_processor_time;
  bool runs_core = next == PLANNING || next == WRITING;
  if (runs_core || counts_processor_time) alarm_in(ITIMER_VIRTUAL, runs_core ? PLANNING_SECONDS : 0);
  counts_processor_time = runs_core;
  alarm_in(ITIMER_REAL, phase_end - time);
}

void hold_signals(void) {
  sigset_t ours;
  sigemptyset(&ours);
  for (size_t i = 0; i < SIGNALS; i++) sigaddset(&ours, signals[i].signal);
  sigprocmask(SIG_BLOCK, &ours, NULL);
}

void release_signals(void) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

int wait_for(pid_t child) {
  double kill_at = deadline;
  bool is_killed = false;
  sigset_t none;
  sigemptyset(&none);
  for (;;) {
    int status;
    pid_t ended = waitpid(child, &status, WNOHANG);
    if (ended == child) return status;
    if (ended < 0 && errno == ECHILD) fail("how mlmmj-receive ended cannot be told (%s)", error_name(errno));
    double time = now();
    if (stopped_by != 0 && kill_at > time + GRACE_SECONDS) {
      kill_at = time + GRACE_SECONDS;
      alarm_in(ITIMER_REAL, GRACE_SECONDS);
    }
    if (time >= kill_at && !is_killed) {
      is_killed = true;
      is_late = stopped_by == 0;
      kill(child, SIGKILL);
      alarm_in(ITIMER_REAL, KILLED_SECONDS);
    }
    if (time >= kill_at + KILLED_SECONDS) fail("%s", why_ended());
    sigsuspend(&none);
  }
}

const char *why_ended(void) {
  static char why[64];
  if (stopped_by != 0) snprintf(why, sizeof why, "stopped by %s", name_of(stopped_by));
  else if (is_late) snprintf(why, sizeof why, "%.*s", (int)strlen(late_line) - 7, late_line + 6);
  else return NULL;
  return why;
}
