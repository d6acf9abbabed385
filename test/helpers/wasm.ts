// The portable sources as WebAssembly: compiled by asc as the native program is, and run on Node.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CACHE = `${ROOT}node_modules/.cache/wasm/`;
const COMPILER = `${ROOT}node_modules/assemblyscript/`;
/** Files that give the tests functions of the portable code to call. */
const ENTRIES = `${ROOT}test/asc/`;

/** As the native program is built. */
const FLAGS = ['-O3', '--noAssert', '--runtime', 'minimal', '--use', 'abort='];

/** What is used of WebAssembly: the types come with the DOM's, which is not here. */
interface WebAssemblyApi {
  Module: (new (
    bytes: Uint8Array,
  ) => CoreModule) & {
    imports(module: CoreModule): { module: string; name: string }[];
  };
  Instance: new (module: CoreModule, imports: object) => { exports: Record<string, unknown> };
}

const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;

/** A compiled entry: any number of cores can run it. */
export interface CoreModule {
  readonly compiled?: never;
}

/** What runs in a WebAssembly instance, and the bytes that it reads as its message. */
export class WasmCore {
  readonly #exports: Record<string, unknown>;
  readonly #prefix: string;
  /** Read by NativeSource (test/asc/native-source.ts). Reads beyond its end give nothing, as they would of a cut file. */
  message: Uint8Array = new Uint8Array(0);
  /** For what is too large to be in memory: fills `into` from an offset, and says how many bytes it has. */
  readMessage = (offset: number, into: Uint8Array): number => {
    const piece = this.message.subarray(offset, offset + into.length);
    into.set(piece);
    return piece.length;
  };

  /** @param entry which file of test/asc the exports are of: `scan`; '': the module has a single entry */
  constructor(module: CoreModule, entry = '') {
    this.#prefix = entry === '' ? '' : prefixOf(entry);
    const functions: Record<string, (...values: number[]) => number> = {
      find: (address, byte, length) => this.#find(address!, byte!, length!),
      readSpool: (offset, address, length) => this.#readSpool(offset!, address!, length!),
      readMessage: (offset, address, length) => this.#readSpool(offset!, address!, length!),
    };
    const imports: Record<string, Record<string, unknown>> = {};
    // asc names an import's module after the file that declares it: whichever that is, the function is the same.
    for (const { module: file, name } of Module.imports(module)) {
      const provided = functions[name];
      if (provided === undefined) throw new Error(`the host has no ${file}.${name}`);
      imports[file] = { ...imports[file], [name]: provided };
    }
    this.#exports = new Instance(module, imports).exports;
  }

  /** Calls an export. A trap is a WebAssembly.RuntimeError, and the core must not be used after it. */
  call(name: string, ...values: number[]): number {
    const exported = this.#exports[this.#prefix + name];
    if (typeof exported !== 'function') throw new Error(`the core has no ${name}`);
    return exported(...values);
  }

  /** Turns of loops so far, of a module with a meter (metered.ts). */
  get work(): number {
    const meter = this.#exports.work as { value: bigint } | undefined;
    if (meter === undefined) throw new Error('the core has no meter');
    return Number(meter.value);
  }

  /** A copy of bytes in the core's memory. */
  read(address: number, length: number): Buffer {
    return Buffer.from(this.#memory.subarray(address, address + length));
  }

  write(address: number, bytes: Uint8Array): void {
    this.#memory.set(bytes, address);
  }

  /** Size of the core's memory, in bytes. It never shrinks, so it is the peak. */
  get memorySize(): number {
    return this.#memory.length;
  }

  /** Looked up anew each time: memory that grows is another buffer. */
  get #memory(): Uint8Array {
    return new Uint8Array((this.#exports.memory as { buffer: ArrayBuffer }).buffer);
  }

  #find(address: number, byte: number, length: number): number {
    return Buffer.from(this.#memory.buffer, address, length).indexOf(byte);
  }

  #readSpool(offset: number, address: number, length: number): number {
    return this.readMessage(offset, this.#memory.subarray(address, address + length));
  }
}

/** All files of test/asc as one module: compiled in half a minute, unless the same sources were compiled before. */
export function portableCode(): CoreModule {
  mkdirSync(CACHE, { recursive: true });
  const entry = `${CACHE}entry.${process.pid}.ts`;
  writeFileSync(entry, readdirSync(ENTRIES).map(exportsOf).join(''));
  try {
    return coreOf(compiled(entry));
  } finally {
    rmSync(entry);
  }
}

/** @param path of a module that was compiled */
export function coreOf(path: string): CoreModule {
  return new Module(readFileSync(path));
}

/**
 * Compiles an entry, and all that it imports, with asc.
 * @param entry its absolute path
 * @param flags beyond those of the native program
 * @returns the path of the module
 */
export function compiled(entry: string, flags: readonly string[] = []): string {
  const hash = createHash('sha256')
    .update(readFileSync(`${COMPILER}package.json`))
    .update([...FLAGS, ...flags].join());
  for (const file of sourcesOf(entry)) {
    if (file !== entry) hash.update(`${relative(ROOT, file)}\0`);
    hash.update(readFileSync(file));
  }
  const path = `${CACHE}${hash.digest('hex').slice(0, 32)}.wasm`;
  if (!existsSync(path)) once(`${path}.lock`, () => existsSync(path) || compile(entry, path, flags));
  return path;
}

/** asc takes paths of .ts files in imports only, and exports nothing of a namespace that it has imported. */
function exportsOf(file: string): string {
  const text = readFileSync(ENTRIES + file, 'utf8');
  const names = [...text.matchAll(/^export function (\w+)\(/gm)].map(([, name]) => name!);
  const prefix = prefixOf(basename(file, '.ts'));
  const imported = names.map((name) => `${name} as ${prefix}${name}`).join(', ');
  const exported = names.map((name) => prefix + name).join(', ');
  const from = relative(CACHE, ENTRIES + file);
  return names.length === 0 ? '' : `import { ${imported} } from '${from}';\nexport { ${exported} };\n`;
}

function prefixOf(entry: string): string {
  return `${entry.replaceAll('-', '_')}_`;
}

/** Two test files may want the same module at once: the second waits for what the first makes. */
function once(lock: string, work: () => void): void {
  for (let waited = 0; waited < LOCK_TIMEOUT_MS; waited += LOCK_PAUSE_MS) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_PAUSE_MS);
    }
  }
  try {
    work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** A lock of this age was left by somebody who was stopped. */
const LOCK_TIMEOUT_MS = 180_000;
const LOCK_PAUSE_MS = 200;

/** In a process of its own: asc's built-ins, which the sources have as globals on Node, are others than the compiler's. */
function compile(entry: string, path: string, flags: readonly string[]): void {
  const unfinished = `${path}.${process.pid}`;
  const out = relative(ROOT, unfinished);
  const args = [`${COMPILER}bin/asc.js`, relative(ROOT, entry), '--outFile', out, ...FLAGS, ...flags];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`asc ${entry}\n${stderr}`);
  renameSync(unfinished, path);
}

/** The entry and what it imports, directly or not. */
function sourcesOf(entry: string): string[] {
  const found = new Set<string>([resolve(entry)]);
  for (const file of found) {
    for (const [, path] of readFileSync(file, 'utf8').matchAll(
      /^(?:import|export) .*?from '(\.[^']+)';$/gms,
    )) {
      found.add(resolve(dirname(file), path!));
    }
  }
  return [...found].sort();
}
