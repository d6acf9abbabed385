/**
 * Pipe mode: one message from standard input, with the list's footers, to mlmmj-receive, and one line about it. It is
 * driven by a host that makes the system calls. In order:
 *
 * 1. `start` reads the arguments;
 * 2. the host spools the message, and `open` judges where it goes;
 * 3. `step` plans, until it returns false;
 * 4. the host writes what `plan` says into a file, and `isRoomLeft` says whether mlmmj-receive can be given it;
 * 5. the host runs `receiveArguments` with that file as its standard input;
 * 6. where that went well, `succeed`, else `fail` has the `answer` with which the program ends.
 */
import { ExitStatus, exitStatus, Failure, internalFailure, temporary } from './errors.ts';
import { ByteString, Files } from './host/files.ts';
import { Plan } from './insert/plan.ts';
import { Access, flawFailure, List, openList } from './list/list.ts';
import { readListFooters } from './list/list-footers.ts';
import { Source } from './mime/source.ts';
import { Call, CallKind, parseArguments, ReceiveCall } from './transport/arguments.ts';
import { DeclaredEnvelope } from './transport/envelope.ts';
import { helpText } from './transport/help-text.ts';
import { failureLine, successLine } from './transport/log-line.ts';
import { findMlmmjReceive, roomFailure } from './transport/mlmmj-receive.ts';
import { Post, routeTo } from './transport/post.ts';

/** What the program says, and how it ends. */
export class Answer {
  constructor(
    readonly status: i32,
    /** For standard output. */
    readonly output: string,
    /** For standard error. */
    readonly error: string,
  ) {}
}

const NO_BYTES: Uint8Array = new Uint8Array(0);

export class PipeMode {
  /** What is to be said and returned if the program ends now: until somebody says that a delivery is done, no success. */
  answer: Answer = failureAnswer(internalFailure('ended too early'));
  /** mlmmj-receive's path and arguments; empty in a dry run. Known once `open` has returned true. */
  readonly receiveArguments: ByteString[] = [];
  private receive: ReceiveCall | null = null;
  private list: List | null = null;
  private post: Post | null = null;
  private hasFooters: boolean = false;

  constructor(
    private readonly files: Files,
    private readonly version: string,
    /** What the variables SENDER and EXTENSION hold. */
    private readonly environment: DeclaredEnvelope,
  ) {}

  /**
   * @param args without the program's name
   * @param isTerminal whether standard input is one
   * @returns what to do: for CallKind.Receive go on, for CallKind.Command run it; else there is an `answer`
   */
  start(args: ByteString[], isTerminal: boolean): CallKind {
    const call = parseArguments(args, isTerminal);
    switch (call.kind) {
      case CallKind.Receive:
        this.receive = call.receive;
        break;
      case CallKind.Help:
        this.answer = new Answer(ExitStatus.Ok, helpText(), '');
        break;
      case CallKind.Version:
        this.answer = new Answer(ExitStatus.Ok, `mlmmj-amime-receive ${this.version}\n`, '');
        break;
      case CallKind.Wrong:
        this.answer = wrongCall(call);
        break;
      default:
        break;
    }
    return call.kind;
  }

  /** As it was given: where a message is spooled that is too large for memory. */
  get listDirectory(): ByteString {
    return this.receive!.listDirectory;
  }

  /** The message is written to standard output instead. */
  get isDryRun(): boolean {
    return this.receive!.isDryRun;
  }

  get deadlineSeconds(): i32 {
    return this.receive!.deadlineSeconds;
  }

  /**
   * Opens the list and reads the envelope. The message as it came can go out from here on: the footers, which cost nothing
   * but themselves, come later.
   */
  open(message: Source): boolean {
    const receive = this.receive!;
    const opened = openList(
      receive.listDirectory,
      this.files,
      receive.isDryRun ? Access.Read : Access.Deliver,
    );
    const list = opened.list;
    if (list === null) return this.fail(opened.failure!);
    if (!receive.isDryRun && !this.findProgram(receive, list)) return false;
    if (message.size === 0) return this.fail(temporary('the message is empty'));
    const route = routeTo(list, declaredBy(receive, this.environment), message);
    const post = new Post(message, route.passThroughReason, NO_BYTES);
    if (message.failed) return this.fail(temporary('the message cannot be read'));
    if (!receive.isDryRun) addArguments(this.receiveArguments, receive.receiveArguments, route.additions);
    this.list = list;
    this.post = post;
    return this.isRoomLeft();
  }

  /** Goes on with planning; between two steps garbage is collected. @returns whether there is more to do */
  step(): boolean {
    const post = this.post!;
    if (this.hasFooters || !post.wantsFooters) return post.step();
    this.hasFooters = true;
    post.addFooters(readListFooters(this.list!, this.files), null);
    return true;
  }

  /** Ends planning early: the message goes out as it came, and the log line says why. */
  giveUp(reason: string): void {
    this.post!.giveUp(reason);
  }

  /** Without operations the message goes out as it came. */
  get plan(): Plan {
    return this.post!.plan;
  }

  /** Whether there is room for what goes out. */
  isRoomLeft(): boolean {
    const receive = this.receive!;
    if (receive.isDryRun) return true;
    const failure = roomFailure(this.list!.directory, this.post!.length, receive.isStoredOnly, this.files);
    return failure === null || this.fail(failure);
  }

  /** The post is delivered, or written where a dry run writes it: the answer says what was done. */
  succeed(): void {
    const line = successLine(this.post!.summary);
    this.answer = this.receive!.isDryRun
      ? new Answer(ExitStatus.Ok, '', line)
      : new Answer(ExitStatus.Ok, line, '');
  }

  /** The delivery has failed: the answer says why. @returns false */
  fail(failure: Failure): boolean {
    this.answer = failureAnswer(failure);
    return false;
  }

  private findProgram(receive: ReceiveCall, list: List): boolean {
    const program = findMlmmjReceive(receive, this.files);
    if (program.failure !== null) return this.fail(program.failure!);
    const flaw = flawFailure(list);
    if (flaw !== null) return this.fail(flaw);
    this.receiveArguments.push(program.path);
    return true;
  }
}

function failureAnswer(failure: Failure): Answer {
  return new Answer(exitStatus(failure.kind), '', failureLine(failure));
}

function wrongCall(call: Call): Answer {
  if (!call.isTyped) return failureAnswer(temporary(call.message));
  return new Answer(ExitStatus.Usage, '', `mlmmj-amime-receive: ${call.message} (see --help)\n`);
}

/** The arguments come before the environment. */
function declaredBy(receive: ReceiveCall, environment: DeclaredEnvelope): DeclaredEnvelope {
  return new DeclaredEnvelope(
    receive.sender !== null ? receive.sender : environment.sender,
    receive.extension !== null ? receive.extension : environment.extension,
  );
}

function addArguments(all: ByteString[], given: ByteString[], additions: ByteString[]): void {
  for (let i = 0; i < given.length; i++) all.push(given[i]);
  for (let i = 0; i < additions.length; i++) all.push(additions[i]);
}
