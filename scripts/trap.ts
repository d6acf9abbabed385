/**
 * From a trap in the native program to the lines of TypeScript: plans the message on standard input once more with the same
 * WebAssembly, on Node, and shows the calls that led to the trap.
 *
 *     make native && npx tsx scripts/trap.ts [MODULE.wasm] -L LISTDIR < MESSAGE
 */
import '../src/portable.ts';
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { FileKind } from '../src/host/files.ts';
import { NodeFiles } from '../src/host/node-files.ts';

const NONE = -1;
const NO_REGULAR_FILE = -2;

const given = process.argv.slice(2);
const module = given[0]?.endsWith('.wasm') ? given.shift()! : 'dist/native/core.wasm';
const args = [...given, '--dry-run'];
const message = readFileSync(0);
const files = new NodeFiles();
let owner = 0;
let lastError = '';

/** What is used of WebAssembly: the types come with the DOM's, which is not here. */
interface WebAssemblyApi {
  instantiate(module: Uint8Array, imports: object): Promise<{ instance: { exports: unknown } }>;
  RuntimeError: new () => Error;
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  start(): number;
  open(size: number): number;
  step(): number;
  collect(): void;
  operationCount(): number;
  operationKind(index: number): number;
  beginRecoding(index: number): void;
  recode(): number;
}

const bytesAt = (address: number, length: number) => Buffer.from(core.memory.buffer, address >>> 0, length);

/** Gives as much of a text as there is room for. */
function give(text: string | undefined, address: number, capacity: number): number {
  if (text === undefined) return NONE;
  const bytes = Buffer.from(text, 'latin1');
  bytes.copy(bytesAt(address, capacity));
  return bytes.length;
}

const textAt = (address: number, length: number) => bytesAt(address, length).toString('latin1');

/** What src/host/system.c does. */
const system = {
  argument: (index: number, address: number, capacity: number) => give(args[index], address, capacity),
  variable: (name: number, length: number, address: number, capacity: number) =>
    give(process.env[textAt(name, length)], address, capacity),
  version: (address: number, capacity: number) => give('', address, capacity),
  errorName: (address: number, capacity: number) => give(lastError, address, capacity),
  isTerminal: () => 0,
  user: () => files.user,
  owner: () => owner,
  lookAt(path: number, length: number): FileKind {
    const status = files.status(textAt(path, length));
    owner = status.owner;
    lastError = status.error;
    return status.kind;
  },
  readFile(path: number, length: number, address: number, capacity: number): number {
    const content = files.read(textAt(path, length), capacity - 1);
    lastError = content.error;
    if (content.bytes === null) return content.error === 'irregular' ? NO_REGULAR_FILE : NONE;
    bytesAt(address, capacity).set(content.bytes);
    return content.bytes.length;
  },
  isExecutable: (path: number, length: number) => Number(files.isExecutable(textAt(path, length))),
  freeBytes: (path: number, length: number) => files.freeBytes(textAt(path, length)),
  readMessage: (offset: number, address: number, length: number) =>
    message.copy(bytesAt(address, length), 0, offset, offset + length),
};

const memchr = {
  find: (address: number, byte: number, length: number) => bytesAt(address, length).indexOf(byte),
};

const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
const { instance } = await WebAssembly.instantiate(readFileSync(module), { system, memchr });
const core = instance.exports as Exports;

try {
  plan();
  console.log('no trap');
} catch (error) {
  // Too many nested calls are no RuntimeError.
  if (!(error instanceof WebAssembly.RuntimeError) && !(error instanceof RangeError)) throw error;
  console.log(error.message);
  for (const line of traceOf(error)) console.log(line);
  process.exitCode = 1;
}

function plan(): void {
  const RECEIVE = 0;
  const RECODE = 4;
  if (core.start() !== RECEIVE || core.open(message.length) === 0) throw new Error('this is no delivery');
  while (core.step() !== 0) core.collect();
  for (let index = 0; index < core.operationCount(); index++) {
    if (core.operationKind(index) !== RECODE) continue;
    core.beginRecoding(index);
    while (core.recode() > 0) core.collect();
  }
}

/** The calls, innermost first: asc's map knows the place of each byte of the module as a column of one long line. */
function traceOf(error: Error): string[] {
  const map = new SourceMap(JSON.parse(readFileSync(`${module}.map`, 'utf8')));
  const frames = [
    ...(error.stack ?? '').matchAll(/at (?:(.+) \()?wasm:\/\/[^:]+:wasm-function\[\d+\]:0x([0-9a-f]+)/g),
  ];
  return frames.map(([, name = '', offset = '0']) => {
    const entry = map.findEntry(0, Number.parseInt(offset, 16));
    // What the compiler has made by itself comes from no line.
    const isKnown = 'originalSource' in entry && entry.originalSource !== undefined;
    return isKnown ? `    ${entry.originalSource}:${entry.originalLine + 1}  ${name}` : `    ${name}`;
  });
}
