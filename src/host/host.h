/* The native host: system calls, signals and exits. Nothing here looks into a message. */
#ifndef HOST_H
#define HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* sysexits.h as pipe(8) reads it: mail stays in the queue with 75, and is bounced with nearly every other status. */
enum { STATUS_TEMPORARY = 75, STATUS_UNAVAILABLE = 69 };

/* say.c: what is said. */

/* Writes all of it, also where the descriptor does not block; false with errno where it cannot be written. */
bool write_all(int fd, const void *bytes, size_t length);
/* The mail waits: `4.3.0`, the words, and status 75. The line may reach the poster in a bounce: no paths. */
_Noreturn void fail(const char *words, ...) __attribute__((format(printf, 1, 2)));
/* Where a file for the message cannot be had or written. */
_Noreturn void fail_to_store(int error);
/* `ENOSPC`; `error 1234` for one without a name here. Good until the next call. */
const char *error_name(int error);

/* deadline.c: signals, time limits, and the way out. */

typedef enum { SPOOLING, PLANNING, WRITING, HANDING_OVER, LEAVING } phase_t;

/* Writes a line and ends the process. A reader that does not read changes nothing about the status. */
_Noreturn void leave(int fd, const char *line, size_t length, int status);
/* Makes the signals what this program expects. */
void catch_signals(void);
/* For a program that is started: signals as they were found, but for SIGCHLD, which is not ignored. */
void give_signals_back(void);
/* How long everything may take, from now on. */
void set_deadline(unsigned seconds);
/* Each phase has its own time limit. In planning and writing it ends the shared code with a trap; else it ends us. */
void enter_phase(phase_t phase);
/* Between these, no signal comes. */
void hold_signals(void);
void release_signals(void);
/* Waits until a child has ended, or until the deadline or a signal has ended it. Signals are held. */
int wait_for(pid_t child);
/* Why a child was ended before its time; NULL where it was not. */
const char *why_ended(void);

/* spool.c: the post as it came. */

typedef struct {
  uint8_t *bytes; /* with room for one more; NULL where it lies in the file */
  int fd;         /* -1 where it lies in memory */
  uint64_t size;
} post_t;

/* Where files too large for memory go; with `or_elsewhere`, into a directory for temporary files if that cannot be written. */
void set_spool_directory(const char *directory, bool or_elsewhere);
/* A file without a name, in memory or on the disk. -1 with errno where there is none to be had. */
int anonymous_file(bool in_memory);
void read_post(post_t *post);
/* Reads at an offset, less than asked for at the end alone; -1 with errno. */
ssize_t read_at(const post_t *post, uint64_t offset, void *into, size_t length);
/* mlmmj-send sends uninitialised memory in place of a last line without newline. */
void end_last_line(post_t *post);
/* Puts a post that lies in memory into a file. */
void put_into_file(post_t *post, bool in_memory);
void discard_post(post_t *post);

/* shared.c: the shared code. */

typedef enum { CALL_DELIVER, CALL_ANSWER, CALL_COMMAND } call_t;

typedef enum { OPERATION_KEEP, OPERATION_DROP, OPERATION_INSERT, OPERATION_COPY, OPERATION_RECODE } operation_kind_t;

typedef struct {
  operation_kind_t kind;
  uint64_t start, end; /* in the message as it came */
  uint64_t length;     /* bytes that go out */
} operation_t;

/* Has the shared code run, through the functions below; false where it came to grief, and then it is not to be called again. */
bool core_run(void (*work)(void *context), void *context);
/* How it came to grief: `internal error (mime/scanner/Scanner#advance: out of bounds)`. */
const char *core_trouble(void);
/* Ends the shared code from outside, as a trap in it does: to be called while it runs. */
_Noreturn void core_time_out(void);
/* The same, for a rule that it broke: `a range out of order`. */
_Noreturn void core_end(const char *rule);

typedef struct {
  int status;
  char *output, *error; /* lines for standard output and standard error, or nothing */
} answer_t;

/* Texts are copies, for the caller to keep. */
call_t core_start(int argc, char **argv);
answer_t core_answer(void);
char *core_list(void);
bool core_is_dry_run(void);
unsigned core_deadline(void);
/* Opens the list and reads the envelope: whether the post can be delivered; else there is an answer. */
bool core_open(const post_t *post);
/* mlmmj-receive and its arguments, and NULL. */
char **core_receive_arguments(void);
/* Plans: whether there is more to do. In between there is garbage to be collected. */
bool core_step(void);
void core_collect(void);
/* Whether there is room for what was planned; else there is an answer. */
bool core_is_room_left(void);
/* From here on the answer is that of a delivery that has succeeded. */
void core_succeed(void);

uint32_t core_operations(void);
operation_t core_operation(uint32_t index);
/* What an Insert puts in, or the next piece of a Recode (0 at its end): good until the shared code is called again. */
const uint8_t *core_inserted(uint32_t index, size_t *length);
void core_begin_recoding(uint32_t index);
const uint8_t *core_recoded(size_t *length);

/* write.c: the post as it goes out. */

/* Puts what the plan says into a second file, which then is the post. False, and the post is as it was, where the shared code
   came to grief or its plan contradicts itself. */
bool write_planned(post_t *post);
/* To standard output. */
void write_out(const post_t *post);

/* child.c: the programs that are started. */

/* Gives the post to mlmmj-receive. Returns when it has taken all of it, and ends the process else. */
void hand_over(char **argv, const post_t *post);
/* Becomes the program that has the commands people type. */
_Noreturn void become_tools(char **argv);

#endif
