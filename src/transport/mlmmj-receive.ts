/**
 * The hand-off to mlmmj-receive. It keeps one promise: half a message is never accepted. mlmmj-receive takes the end
 * of its input for the end of the message, so it is started late, with a message that is complete in memory where
 * that is possible and behind a guard where it is not, and its input is ended only when the message is whole.
 */
import { type Child, type ChildEnd, NoRoomError, type Platform, type Taker } from '../platform/platform.ts';
import { DeliveryError } from '../status.ts';
import { COLLECT_LIMIT, type Destination } from './destination.ts';
import { destroy, type GuardedChild, startGuarded } from './guard.ts';
import { Outgoing } from './outgoing.ts';

const STANDARD_PATHS = ['/usr/local/bin/mlmmj-receive', '/usr/bin/mlmmj-receive'] as const;

/** Which mlmmj-receive to run where the caller named none. */
export async function findMlmmjReceive(platform: Platform): Promise<string> {
  const found = await Promise.all(STANDARD_PATHS.map((path) => isProgram(path, platform)));
  const path = STANDARD_PATHS[found.indexOf(true)];
  if (path !== undefined) return path;
  throw new DeliveryError('temporary', 'mlmmj-receive is not installed');
}

async function isProgram(path: string, platform: Platform): Promise<boolean> {
  try {
    return (await platform.stat(path)).isFile;
  } catch {
    return false;
  }
}

/** A message on its way into mlmmj-receive. */
export class HandOff implements Destination {
  readonly #argv: readonly [string, ...string[]];
  readonly #listDirectory: string;
  readonly #platform: Platform;
  readonly #outgoing: Outgoing;
  #abandoned = false;
  #child: Child | undefined;
  /** The same child, where the message is streamed into it. */
  #stream: GuardedChild | undefined;
  #ended = false;
  /** Set once the child has been given all of the message. */
  #delivered: Promise<boolean> | undefined;

  constructor(argv: readonly [string, ...string[]], listDirectory: string, platform: Platform) {
    this.#argv = argv;
    this.#listDirectory = listDirectory;
    this.#platform = platform;
    this.#outgoing = new Outgoing(platform.free);
  }

  get committed(): boolean {
    return this.#child !== undefined;
  }

  add(bytes: Uint8Array): void {
    this.#outgoing.add(bytes);
  }

  startOver(): void {
    this.#outgoing.startOver();
  }

  async flow(): Promise<void> {
    if (this.#child === undefined && this.#outgoing.pending.length <= COLLECT_LIMIT) return;
    await this.#stopIfAbandoned();
    this.#stream ??= await this.#startStream();
    await this.#stopIfAbandoned();
    await this.#feed(this.#stream);
  }

  async finish(): Promise<void> {
    this.#outgoing.endLastLine();
    await this.#stopIfAbandoned();
    if (this.#stream === undefined) {
      const child = this.#startWhole();
      this.#delivered = child.exited.then(
        async ({ code }) => code === 0 && (await child.tookAll()) !== false,
      );
    } else {
      await this.#feed(this.#stream);
      this.#delivered = this.#stream.exited.then(({ code }) => code === 0);
      await this.#stream.release();
    }
    const delivered = await this.#delivered;
    await this.#stopIfAbandoned();
    if (!delivered) throw failure(await this.#child!.exited);
  }

  async abandon(): Promise<boolean> {
    this.#abandoned = true;
    if (this.#child === undefined) return false;
    if (this.#ended) await this.#stream?.dismiss();
    else if (this.#stream !== undefined) await this.#stream.destroy();
    else await destroy(this.#child, this.#listDirectory, this.#platform);
    return this.#delivered ?? false;
  }

  /**
   * mlmmj-receive ends when its input does. One that has ended before took half a message, whatever its status
   * says, and need not be sent the rest.
   */
  async #feed(stream: GuardedChild): Promise<void> {
    const isReading = await stream.channel.write(this.#outgoing.pending);
    this.#outgoing.clear();
    await this.#stopIfAbandoned();
    if (isReading && !this.#ended) return;
    const end = await soon(stream.exited);
    await this.#stopIfAbandoned();
    throw end === undefined
      ? new DeliveryError('temporary', 'mlmmj-receive cannot be given the whole message')
      : failure(end);
  }

  async #startStream(): Promise<GuardedChild> {
    let stream: GuardedChild;
    try {
      stream = await startGuarded(this.#argv, this.#listDirectory, this.#platform);
    } catch (error) {
      throw notStarted(error);
    }
    // Whoever abandoned it meanwhile could not know that it would start.
    if (this.#abandoned) await stream.destroy();
    this.#watch(stream);
    return stream;
  }

  #startWhole(): Child & Taker {
    try {
      const child = this.#platform.spawn(this.#argv, this.#outgoing.pending);
      this.#watch(child);
      // Not before: a runtime may still be reading from it.
      child.exited.then(() => this.#outgoing.release());
      return child;
    } catch (error) {
      throw notStarted(error);
    }
  }

  #watch(child: Child): void {
    this.#child = child;
    child.exited.then(() => {
      this.#ended = true;
    });
  }

  /** Whoever abandoned it also decides what is said; the abandoned delivery just never comes to an end. */
  async #stopIfAbandoned(): Promise<void> {
    if (this.#abandoned) await new Promise<never>(() => undefined);
  }
}

/** How long one that cannot be written to may take to end, and to say why. */
const LAST_WORDS_MS = 5000;

/** Resolves to undefined where it has not come to that yet. */
async function soon(exited: Promise<ChildEnd>): Promise<ChildEnd | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const later = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), LAST_WORDS_MS);
  });
  const end = await Promise.race([exited, later]);
  clearTimeout(timer);
  return end;
}

function notStarted(error: unknown): DeliveryError {
  if (error instanceof NoRoomError) {
    const message = `there is no room to hand the message over (${error.code})`;
    return new DeliveryError('temporary', message, { cause: error });
  }
  return failure({ code: null, signal: null, said: '', failure: error as Error });
}

function failure(end: ChildEnd): DeliveryError {
  return new DeliveryError('temporary', howItFailed(end), { cause: end.failure });
}

/** What became of mlmmj-receive, in one line that gives no path away: a bounce may show it to the poster. */
function howItFailed(end: ChildEnd): string {
  const said = firstWords(end.said);
  const saying = said === '' ? '' : `: ${said}`;
  // 126 and 127 come from the shell that was to become it.
  const code = (end.failure as { code?: string } | undefined)?.code;
  if (code === 'ENOENT' || end.code === 127) return 'mlmmj-receive is not where it should be';
  if (code === 'EACCES' || end.code === 126) return 'mlmmj-receive may not be executed';
  if (end.failure !== undefined) return `mlmmj-receive could not be started (${code ?? 'unknown error'})`;
  if (end.signal !== null) return `mlmmj-receive was killed by ${end.signal}${saying}`;
  if (end.code === 0) return 'mlmmj-receive ended before it had read the whole message';
  return `mlmmj-receive failed with status ${end.code}${saying}`;
}

/** The first line a program said, printable, short, and without paths. */
function firstWords(said: string): string {
  const line = said.split(/[\r\n]+/).find((text) => text.trim() !== '') ?? '';
  const printable = line
    .replace(/[^ -~]/g, '?')
    .replace(/(^|[\s"'(=:[])\/\S*/g, '$1...')
    .trim();
  return printable.length > 120 ? `${printable.slice(0, 117)}...` : printable;
}
