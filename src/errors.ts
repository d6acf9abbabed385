/**
 * How a call can fail, and what is told to whom. pipe(8) bounces on every exit status but 71 and 75, unless the output of
 * a failed command begins with an enhanced status code (RFC 3463), which then decides. So both are always given, and
 * everything that is not surely the sender's fault is temporary.
 */

/** Every status that the programs end with: sysexits.h, as pipe(8) reads it. In pipe mode there are three. */
export enum ExitStatus {
  Ok = 0,
  /** Something is wrong with the installation, or would be. */
  Wrong = 1,
  Usage = 64,
  NoInput = 66,
  /** Pipe mode's, for what is surely the sender's fault. */
  NoSuchList = 67,
  /** A program that is needed is not installed. */
  Unavailable = 69,
  /** A fault of ours, before a person. */
  Internal = 70,
  CannotCreate = 73,
  /** Pipe mode's, for all else. */
  Temporary = 75,
  NoPermission = 77,
}

export enum FailureKind {
  /** The list's directory is not there although the directory that holds it is. */
  NoSuchList,
  /** Everything that is our side's trouble: the mail waits in Postfix's queue until it is mended. */
  Temporary,
  /** A wrong call of a command that people type. Never in pipe mode, where it would bounce mail. */
  Usage,
  /** A file that a person named cannot be read. Never in pipe mode. */
  NoInput,
}

/** What is wrong and what to do, for the operator. Failures are returned, not thrown: the native program catches nothing. */
export class Failure {
  constructor(
    readonly kind: FailureKind,
    /** One clear line, without paths that give the host away: it reaches the poster when a deferred mail finally bounces. */
    readonly message: string,
  ) {}
}

/** Our side's trouble. */
export function temporary(message: string): Failure {
  return new Failure(FailureKind.Temporary, message);
}

/** A fault of ours that nobody foresaw: a trap, an exception. The mail waits. */
export function internalFailure(message: string): Failure {
  return temporary(`internal error: ${message}`);
}

export function exitStatus(kind: FailureKind): i32 {
  switch (kind) {
    case FailureKind.NoSuchList:
      return ExitStatus.NoSuchList;
    case FailureKind.Usage:
      return ExitStatus.Usage;
    case FailureKind.NoInput:
      return ExitStatus.NoInput;
    default:
      return ExitStatus.Temporary;
  }
}

/** RFC 3463; '' for what only a person at a terminal can be told. */
export function enhancedCode(kind: FailureKind): string {
  switch (kind) {
    case FailureKind.NoSuchList:
      return '5.1.1';
    case FailureKind.Temporary:
      return '4.3.0';
    default:
      return '';
  }
}

/** The reply to RCPT or to the final dot (RFC 5321 §4.2). Only a list that surely does not exist is refused for good. */
export function lmtpReply(kind: FailureKind): i32 {
  return kind === FailureKind.NoSuchList ? 550 : 451;
}
