/**
 * Stands in for the shared code, in builds of the native host for tests; only asc takes it. The message says in its first line
 * what is to become of it: a plan, or a fault.
 */
import {
  environmentVariable,
  inputIsTerminal,
  NativeFiles,
  programArguments,
  programVersion,
  SpooledMessage,
} from '../../src/host/system.ts';
import { FileKind } from '../../src/host/files.ts';
import { bytesOf, indexOf, latin1, LF } from '../../src/mime/bytes.ts';

// @ts-ignore: a decorator of AssemblyScript's
@external('system', 'readMessage')
declare function readMessage(offset: f64, address: usize, length: i32): i32;

class Operation {
  constructor(
    public kind: i32,
    public start: f64,
    public end: f64,
    public bytes: Uint8Array,
    public length: f64,
  ) {}
}

const KEEP = 0;
const DROP = 1;
const INSERT = 2;
const COPY = 3;
const RECODE = 4;

const files = new NativeFiles();
let args: string[] = [];
let list = '';
let receive = '/usr/bin/mlmmj-receive';
let seconds = 900;
let dryRun: bool = false;
const passed = new Array<string>();
let output = '';
let error = '';
let exitStatus = 0;
let message = new SpooledMessage(0);
let wish = '';
let plan = new Array<Operation>();
let selected = new Uint8Array(0);
let steps = 0;

export function start(): i32 {
  args = programArguments();
  for (let i = 0; i < args.length; i++) {
    const next = i + 1 < args.length ? args[i + 1] : '';
    if (args[i] === '--mlmmj-receive') receive = next;
    else if (args[i] === '--deadline') seconds = i32(parseInt(next));
    else if (args[i] === '--dry-run') dryRun = true;
    else if (args[i] === '-L') {
      list = next;
      passed.push('-L');
      passed.push(next);
    } else {
      passed.push(args[i]);
      continue;
    }
    if (args[i] !== '--dry-run') i++;
  }
  if (args.length > 0 && args[0] === 'check') return 1;
  if (args.length > 0 && args[0] === '--version') {
    output = programVersion() + '\n';
    return 3;
  }
  return 0;
}

export function isDryRun(): bool {
  return dryRun;
}

export function deadlineSeconds(): i32 {
  return seconds;
}

function refuse(words: string): bool {
  error = `4.3.0 ${words}\n`;
  exitStatus = 75;
  return false;
}

export function open(size: f64): bool {
  message = new SpooledMessage(size);
  const line = new Uint8Array(200);
  const length = message.read(0, line);
  const end = indexOf(line, LF, 0, length);
  wish = latin1(line, 0, end < 0 ? length : end);
  if (wish.startsWith('open: ')) return fault(wish.substring(6)) === 0;
  if (size === 0) return refuse('the message is empty');
  const status = files.status(list);
  if (status.kind !== FileKind.Directory) return refuse(`the list is kind ${status.kind} ${status.error}`);
  files.isExecutable(receive);
  files.freeBytes(list);
  files.read(`${list}/control/footer_text`, 65536);
  return true;
}

class Node {
  next: Node | null = null;
  bytes: Uint8Array = new Uint8Array(65536);
}

let chain: Node | null = null;

function recurse(depth: i32): i32 {
  return depth < 0 ? 0 : recurse(depth + 1) + recurse(depth + 2) + 1;
}

function fault(kind: string): i32 {
  switch (kind) {
    case 'unreachable':
      unreachable();
      return 1;
    case 'bounds':
      return new StaticArray<i32>(4)[list.length + 100000];
    case 'load':
      return load<i32>(<usize>(0x7ffffff0 + list.length));
    case 'divide':
      return 7 / (list.length - list.length);
    case 'recursion':
      return recurse(list.length);
    case 'memory':
      for (;;) {
        const node = new Node();
        node.next = chain;
        chain = node;
      }
      return 1;
    case 'endless':
      for (let i = 0; ; i++) if (i === -1 && list.length === 0) return i;
      return 1;
    case 'endless reading': {
      const byte = new Uint8Array(1);
      for (;;) if (message.read(0, byte) === 0) return 1;
      return 1;
    }
    case 'address':
      readMessage(0, 0x7ffffff0, 100);
      return 0;
    case 'length':
      return readMessage(0, selected.dataStart, -1);
    default:
      return 0;
  }
}

export function step(): bool {
  if (wish.startsWith('step: ')) fault(wish.substring(6));
  if (wish.startsWith('many steps')) {
    new Uint8Array(100000);
    if (++steps < 10000) return true;
  }
  if (wish.startsWith('plan: ')) makePlan(wish.substring(6));
  return false;
}

/** `keep 0 10; insert 3 abc; …`; an insert's number is the length that the plan pretends. `end` is the message's size. */
function makePlan(text: string): void {
  const words = text.split('; ');
  for (let i = 0; i < words.length; i++) {
    const word = words[i].split(' ');
    const start = word[1] === 'end' ? message.size : parseFloat(word[1]);
    if (word[0] === 'insert') {
      plan.push(new Operation(INSERT, 0, 0, bytesOf(word[2] + '\n'), start));
      continue;
    }
    const end = word[2] === 'end' ? message.size : parseFloat(word[2]);
    const kind = word[0] === 'keep' ? KEEP : word[0] === 'drop' ? DROP : word[0] === 'copy' ? COPY : RECODE;
    const length = word.length > 3 ? parseFloat(word[3]) : kind === DROP ? 0 : end - start;
    plan.push(new Operation(kind, start, end, new Uint8Array(0), length));
  }
}

export function collect(): void {
  __collect();
}

export function isRoomLeft(): bool {
  return wish !== 'no room' || refuse('no room');
}

export function succeed(): void {
  const line = plan.length === 0 ? 'no footer: none planned\n' : 'footer added: test\n';
  if (dryRun) error = line;
  else output = line;
}

export function status(): i32 {
  return exitStatus;
}

export function selectText(text: i32, index: i32): i32 {
  if (text === 0) selected = bytesOf(output);
  else if (text === 1) selected = bytesOf(error);
  else if (text === 2) selected = bytesOf(list);
  else if (index === 0) selected = bytesOf(receive);
  else if (index <= passed.length) selected = bytesOf(passed[index - 1]);
  else return -1;
  return selected.length;
}

export function textAddress(): usize {
  return selected.dataStart;
}

export function operationCount(): i32 {
  if (wish.startsWith('count: ')) return fault(wish.substring(7));
  return plan.length;
}

export function operationKind(index: i32): i32 {
  return plan[index].kind;
}

export function operationStart(index: i32): f64 {
  return plan[index].start;
}

export function operationEnd(index: i32): f64 {
  return plan[index].end;
}

export function operationLength(index: i32): f64 {
  return plan[index].length;
}

export function insertionAddress(index: i32): usize {
  return plan[index].bytes.dataStart;
}

export function insertionLength(index: i32): i32 {
  return plan[index].bytes.length;
}

let recodedTo: f64 = 0;
let recodeEnd: f64 = 0;
let piece = new Uint8Array(10000);
let recodeFault = '';

export function beginRecoding(index: i32): void {
  recodedTo = plan[index].start;
  recodeEnd = plan[index].end;
  const fault = environmentVariable('RECODE');
  if (fault !== null) recodeFault = fault;
}

/** Turns upper case to lower, and grows memory on the way. */
export function recode(): i32 {
  const length = i32(min(f64(piece.length), recodeEnd - recodedTo));
  message.read(recodedTo, piece.subarray(0, length));
  recodedTo += length;
  for (let i = 0; i < length; i++) if (piece[i] >= 0x41 && piece[i] <= 0x5a) piece[i] += 0x20;
  if (recodedTo >= 50000 && recodeFault !== '') {
    if (recodeFault === 'failed') return -1;
    fault(recodeFault);
  }
  piece = piece.slice();
  new Uint8Array(300000);
  return length;
}

export function recodedAddress(): usize {
  return piece.dataStart;
}

export function terminal(): bool {
  return inputIsTerminal();
}
