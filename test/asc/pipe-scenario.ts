// A call of pipe mode in a file system in memory, for both worlds: what a host gives to it goes in, and what a host would
// see of it comes out.
import { PipeMode } from '../../src/amime-receive.ts';
import { FileKind } from '../../src/host/files.ts';
import { Outgoing } from '../../src/insert/outgoing.ts';
import { BufferSource } from '../../src/mime/buffer-source.ts';
import { ByteBuilder } from '../../src/mime/byte-builder.ts';
import { latin1 } from '../../src/mime/bytes.ts';
import { CallKind } from '../../src/transport/arguments.ts';
import { DeclaredEnvelope } from '../../src/transport/envelope.ts';
import { FakeFile, FakeFiles } from './fake-files.ts';

/** Byte strings, each after its length and a colon. */
class Reader {
  private at: i32 = 0;

  constructor(private readonly bytes: Uint8Array) {}

  next(): Uint8Array {
    let length = 0;
    while (this.bytes[this.at] !== 0x3a) length = 10 * length + this.bytes[this.at++] - 0x30;
    const start = this.at + 1;
    this.at = start + length;
    return this.bytes.slice(start, this.at);
  }

  text(): string {
    const bytes = this.next();
    return latin1(bytes, 0, bytes.length);
  }

  number(): number {
    return parseInt(this.text(), 10);
  }

  /** Null is told by an empty string before it. */
  optional(): string | null {
    const isThere = this.text() !== '';
    const text = this.text();
    return isThere ? text : null;
  }
}

export class PipeScenario {
  private readonly pipe: PipeMode;
  private readonly message: BufferSource;
  private readonly seen: ByteBuilder = new ByteBuilder();
  private isOpen: boolean = false;

  constructor(given: Uint8Array) {
    const reader = new Reader(given);
    const files = new FakeFiles(reader.number());
    files.owner = reader.number();
    files.free = reader.number();
    for (let count = reader.number(); count > 0; count--) {
      const path = reader.text();
      const kind: FileKind = i32(reader.number());
      const isExecutable = reader.text() !== '';
      const error = reader.text();
      files.files.set(path, new FakeFile(kind, reader.next(), isExecutable, error));
    }
    const sender = reader.optional();
    const extension = reader.optional();
    this.pipe = new PipeMode(files, '1.2.3', new DeclaredEnvelope(sender, extension));
    const args: string[] = [];
    for (let count = reader.number(); count > 0; count--) args.push(reader.text());
    const isTerminal = reader.text() !== '';
    this.message = new BufferSource(reader.next());
    this.start(args, isTerminal);
  }

  private start(args: string[], isTerminal: boolean): void {
    const kind = this.pipe.start(args, isTerminal);
    this.say('call', `${kind}`);
    if (kind !== CallKind.Receive) {
      this.sayAnswer();
      return;
    }
    this.say('list', this.pipe.listDirectory);
    this.say('deadline', `${this.pipe.deadlineSeconds}`);
    this.isOpen = this.pipe.open(this.message);
    if (!this.isOpen) {
      this.sayAnswer();
      return;
    }
    const all = this.pipe.receiveArguments;
    for (let i = 0; i < all.length; i++) this.say('argument', all[i]);
  }

  step(): boolean {
    return this.isOpen && this.pipe.step();
  }

  /** All that was seen. */
  finish(): Uint8Array {
    if (!this.isOpen) return this.seen.bytes();
    if (!this.pipe.isRoomLeft()) {
      this.sayAnswer();
      return this.seen.bytes();
    }
    this.pipe.succeed();
    this.sayAnswer();
    const operations = this.pipe.plan.operations;
    for (let i = 0; i < operations.length; i++) {
      const operation = operations[i];
      this.say(
        'operation',
        `${operation.kind} ${i32(operation.start)} ${i32(operation.end)} ${i32(operation.length)}`,
      );
    }
    this.say('message', this.outgoing());
    return this.seen.bytes();
  }

  private outgoing(): string {
    const outgoing = new Outgoing(this.message, this.pipe.plan);
    const message = new ByteBuilder();
    const piece = new Uint8Array(4096);
    for (let length = outgoing.read(piece); length > 0; length = outgoing.read(piece)) {
      message.addRange(piece, 0, length);
    }
    return latin1(message.data, 0, message.length);
  }

  private sayAnswer(): void {
    const answer = this.pipe.answer;
    this.say('status', `${answer.status}`);
    this.say('output', answer.output);
    this.say('error', answer.error);
  }

  private say(name: string, value: string): void {
    this.seen.addText(`${name} ${value.length}:${value}`);
  }
}
