/** Pipe mode as its host sees it, each case on Node and in WebAssembly: the two have to say the same. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { FileKind } from '../../src/host/files.ts';
import { PipeScenario } from '../asc/pipe-scenario.ts';
import { type CoreModule, portableCode, WasmCore } from '../helpers/wasm.ts';

interface File {
  readonly kind?: FileKind;
  readonly content?: Uint8Array | string;
  readonly isExecutable?: boolean;
  readonly error?: string;
}

interface Scenario {
  readonly args: readonly string[];
  readonly message: Uint8Array | string;
  /** Besides what `HOST` has; undefined takes one of these away. */
  readonly files?: Readonly<Record<string, File | undefined>>;
  readonly user?: number;
  readonly owner?: number;
  readonly free?: number;
  readonly sender?: string;
  readonly extension?: string;
  readonly isTerminal?: boolean;
}

const DIRECTORY: File = { kind: FileKind.Directory };
const PROGRAM: File = { content: '\x7fELF', isExecutable: true };
const LIST = '/lists/news';

/** A host on which everything is right. */
const HOST: Record<string, File> = {
  '/usr/bin/mlmmj-receive': PROGRAM,
  '/usr/bin/mlmmj-process': PROGRAM,
  '/lists': DIRECTORY,
  [LIST]: DIRECTORY,
  [`${LIST}/control`]: DIRECTORY,
  [`${LIST}/control/listaddress`]: { content: 'news@example.org\n' },
};

/** What a host is told. */
interface Seen {
  readonly status: number;
  readonly output: string;
  readonly error: string;
  readonly args: readonly string[];
  readonly operations: readonly string[];
  readonly message: string | undefined;
}

function serialized(scenario: Scenario): Buffer {
  const pieces: Buffer[] = [];
  const add = (value: Uint8Array | string | number) => {
    const bytes =
      typeof value === 'number' ? Buffer.from(String(value)) : Buffer.from(value as string, 'latin1');
    pieces.push(Buffer.from(`${bytes.length}:`), bytes);
  };
  const addOptional = (value: string | undefined) => {
    add(value === undefined ? '' : 'given');
    add(value ?? '');
  };
  add(scenario.user ?? 0);
  add(scenario.owner ?? 0);
  add(scenario.free ?? -1);
  const files = Object.entries({ ...HOST, ...scenario.files });
  add(files.filter(([, file]) => file !== undefined).length);
  for (const [path, file] of files) {
    if (file === undefined) continue;
    add(path);
    add(file.kind ?? FileKind.Regular);
    add(file.isExecutable ? 'x' : '');
    add(file.error ?? '');
    add(file.content ?? '');
  }
  addOptional(scenario.sender);
  addOptional(scenario.extension);
  add(scenario.args.length);
  for (const argument of scenario.args) add(argument);
  add(scenario.isTerminal ? 'yes' : '');
  add(scenario.message);
  return Buffer.concat(pieces);
}

let core: CoreModule;
beforeAll(() => {
  core = portableCode();
});

function inWebAssembly(given: Buffer): Buffer {
  const wasm = new WasmCore(core, 'pipe-mode');
  wasm.write(wasm.call('input', given.length), given);
  wasm.call('begin');
  while (wasm.call('step')) wasm.call('collect');
  const address = wasm.call('finish');
  return wasm.read(address, wasm.call('outputLength'));
}

function onNode(given: Buffer): Buffer {
  const pipe = new PipeScenario(given);
  while (pipe.step());
  return Buffer.from(pipe.finish());
}

function run(scenario: Scenario): Seen {
  const given = serialized(scenario);
  const seen = onNode(given);
  expect(inWebAssembly(given).toString('latin1')).toBe(seen.toString('latin1'));
  return parsed(seen);
}

/** Records of `name length:value`. */
function parsed(seen: Buffer): Seen {
  const values = new Map<string, string[]>();
  for (let at = 0; at < seen.length; ) {
    const [, name = '', length] = /^(\w+) (\d+):/.exec(seen.toString('latin1', at, at + 40))!;
    const start = seen.indexOf(':', at) + 1;
    at = start + Number(length);
    values.set(name, [...(values.get(name) ?? []), seen.toString('latin1', start, at)]);
  }
  return {
    status: Number(values.get('status')?.[0]),
    output: values.get('output')?.[0] ?? '',
    error: values.get('error')?.[0] ?? '',
    args: values.get('argument') ?? [],
    operations: values.get('operation') ?? [],
    message: values.get('message')?.[0],
  };
}

const control = (files: Record<string, string | Uint8Array>): Record<string, File> =>
  Object.fromEntries(
    Object.entries(files).map(([name, content]) => [`${LIST}/control/${name}`, { content }]),
  );

const POST = [
  'Return-Path: <a@example.net>',
  'Received: from mail.example.net (mail.example.net [192.0.2.7])',
  '\tby mx.example.org (Postfix) with ESMTP id 4XyZ',
  '\tfor <news@example.org>; Thu,  5 Nov 2026 10:00:00 +0000 (UTC)',
  'Subject: A post',
  '',
  'Hello.',
  '',
].join('\n');
const COMMAND = POST.replace('<news@', '<news+subscribe@');
const FOOTER = { footer_text: '-- \nThe news list\n' };
const DELIVER = ['-L', LIST];
const TOLD = ['/usr/bin/mlmmj-receive', '-L', LIST, '-e', '', '-s', 'a@example.net'];

describe('a post', () => {
  test('without a list’s footers goes out as it came', () => {
    const seen = run({ args: DELIVER, message: POST });
    expect(seen).toMatchObject({
      status: 0,
      output: 'no footer: the list has none\n',
      error: '',
      args: TOLD,
    });
    expect(seen.operations).toEqual([]);
    expect(seen.message).toBe(POST);
  });

  test('gets its footer', () => {
    const seen = run({ args: DELIVER, message: POST, files: control(FOOTER) });
    expect(seen).toMatchObject({ status: 0, output: 'footer added: text/plain\n', args: TOLD });
    expect(seen.message).toBe(`${POST}-- \nThe news list\n`);
  });

  test.each([
    ['LF', 'end', 'end\n'],
    ['CRLF', 'end\r', 'end\r\r\n'],
  ])('that does not end in a newline is ended with its own: %s', (_, end, ended) => {
    const message = (_ === 'CRLF' ? POST.replaceAll('\n', '\r\n') : POST) + end;
    const seen = run({ args: DELIVER, message });
    expect(seen.message).toBe(message.slice(0, -end.length) + ended);
    expect(seen.operations).toHaveLength(2);
  });

  test('that ends in its header', () => {
    const seen = run({ args: DELIVER, message: 'Subject: x', files: control(FOOTER) });
    expect(seen.status).toBe(0);
    expect(seen.message).toMatch(/^Subject: x\n/);
    expect(seen.message).toMatch(/\n$/);
  });

  test('says what is wrong with a footer file beside a good one', () => {
    const files = control({ ...FOOTER, footer_html: 'x'.repeat(70_000) });
    const seen = run({ args: DELIVER, message: POST, files });
    expect(seen.output).toBe('footer added: text/plain; footer_html is larger than 64 KiB\n');
    const bad = run({ args: DELIVER, message: POST, files: control({ footer_html: 'x'.repeat(70_000) }) });
    expect(bad.output).toBe('no footer: footer_html is larger than 64 KiB\n');
  });

  test('says why there is no footer', () => {
    const signed = POST.replace('Subject', 'Content-Type: multipart/signed; boundary=b\nSubject');
    const seen = run({ args: DELIVER, message: `${signed}--b\n\nx\n--b--\n`, files: control(FOOTER) });
    expect(seen.output).toBe('no footer: multipart/signed kept intact\n');
  });
});

describe('commands and bounces pass byte for byte, and mlmmj-receive is told', () => {
  const files = control(FOOTER);
  const cases: [string, Omit<Scenario, 'files'>, string, string[]][] = [
    [
      'a command',
      { args: DELIVER, message: COMMAND },
      'news+subscribe is a command',
      ['-L', LIST, '-e', 'subscribe', '-s', 'a@example.net'],
    ],
    [
      'what the caller said stays as it was said',
      { args: ['-L', LIST, '-e', 'owner', '-s', 'x@example.net', '-F', '--'], message: POST },
      "news+owner is for the list's owner",
      ['-L', LIST, '-e', 'owner', '-s', 'x@example.net', '-F'],
    ],
    [
      'values that look like an end of the options',
      { args: ['-L', LIST, '-e', '--'], message: POST },
      'news+-- is a command',
      ['-L', LIST, '-e', '--', '-s', 'a@example.net'],
    ],
    [
      'the environment',
      { args: DELIVER, message: POST, sender: 'x@example.net', extension: 'subscribe' },
      'news+subscribe is a command',
      DELIVER,
    ],
    [
      'an argument before the environment',
      { args: ['-L', LIST, '-e', 'owner', '-s', ''], message: POST, sender: 'x', extension: 'subscribe' },
      "news+owner is for the list's owner",
      ['-L', LIST, '-e', 'owner', '-s', ''],
    ],
    [
      'a null sender that the environment gives another name',
      { args: DELIVER, message: POST, sender: 'MAILER-DAEMON', extension: '' },
      'null sender',
      ['-L', LIST, '-s', ''],
    ],
    [
      'a null sender that pipe(8) has given another name',
      { args: DELIVER, message: POST.replace('<a@example.net>', '<MAILER-DAEMON>') },
      'null sender',
      ['-L', LIST, '-e', '', '-s', ''],
    ],
    [
      'the same name as an argument, with an end of the options',
      { args: ['-L', LIST, '-s', 'MAILER-DAEMON', '--'], message: POST },
      'null sender',
      ['-L', LIST, '-s', 'MAILER-DAEMON', '-e', '', '-s', ''],
    ],
    [
      'an extension that is no UTF-8, as it came',
      { args: ['-L', LIST, '-e', '\xff'], message: POST },
      'news+? is a command',
      ['-L', LIST, '-e', '\xff', '-s', 'a@example.net'],
    ],
  ];
  test.each(cases)('%s', (_, scenario, reason, told) => {
    const seen = run({ ...scenario, files });
    expect(seen).toMatchObject({ status: 0, output: `no footer: ${reason}\n`, error: '' });
    expect(seen.args).toEqual(['/usr/bin/mlmmj-receive', ...told]);
    expect(seen.operations).toEqual([]);
    expect(seen.message).toBe(scenario.message);
  });

  test('a command without a final newline', () => {
    expect(run({ args: DELIVER, message: `${COMMAND}end`, files }).message).toBe(`${COMMAND}end\n`);
  });
});

describe('the size that mlmmj allows', () => {
  const added = '-- \nThe news list\n'.length;
  const limited = (maxmailsize: number) =>
    run({ args: DELIVER, message: POST, files: control({ ...FOOTER, maxmailsize: `${maxmailsize}\n` }) });

  test('is kept: a post that its footer would make too large goes out as it came', () => {
    const needed = POST.length + added + 16;
    expect(limited(needed).output).toBe('footer added: text/plain\n');
    const seen = limited(needed - 1);
    expect(seen).toMatchObject({
      status: 0,
      output: 'no footer: the post would be larger than control/maxmailsize\n',
    });
    expect(seen.message).toBe(POST);
  });
});

describe('what keeps the mail in the queue', () => {
  const cases: [string, Partial<Scenario>, string][] = [
    ['no list directory', { args: ['-P'] }, 'no list directory was given (-L)'],
    ['an unknown argument', { args: ['-L', LIST, '-x'] }, 'unknown option "-x"'],
    [
      'a question beside a list',
      { args: ['-L', LIST, '-V'] },
      'asked for its version, it would lose the message',
    ],
    ['an empty message', { message: '' }, 'the message is empty'],
    [
      'another user’s list',
      { user: 5, owner: 6 },
      'list "news" belongs to another user (uid 6) than the one delivering (uid 5)',
    ],
    [
      'a user of a large number',
      { user: 4294967294, owner: 4294967293 },
      'list "news" belongs to another user (uid 4294967293) than the one delivering (uid 4294967294)',
    ],
    [
      'a list without a directory that holds it',
      { files: { '/lists': undefined, [LIST]: undefined } },
      'the directory that should hold list "news" is missing',
    ],
    [
      'no control directory',
      { files: { [`${LIST}/control`]: undefined, [`${LIST}/control/listaddress`]: undefined } },
      'list "news" has no control directory',
    ],
    [
      'a listaddress that is a FIFO',
      { files: { [`${LIST}/control/listaddress`]: { kind: FileKind.Other, error: 'irregular' } } },
      'list "news": listaddress is no regular file',
    ],
    [
      'a useless listaddress',
      { files: control({ listaddress: '\n' }) },
      'list "news": listaddress has no address in its first line',
    ],
    [
      'no mlmmj-receive',
      { files: { '/usr/bin/mlmmj-receive': undefined } },
      'mlmmj-receive is not installed',
    ],
    [
      'no mlmmj-process',
      { files: { '/usr/bin/mlmmj-process': undefined } },
      'mlmmj-process is not beside mlmmj-receive',
    ],
    ['no room', { free: 10_000 }, "there is no room for the message in the list's directory"],
  ];
  test.each(cases)('%s', (_, scenario, reason) => {
    const seen = run({ args: DELIVER, message: POST, ...scenario });
    expect(seen).toMatchObject({ status: 75, output: '', error: `4.3.0 ${reason}\n`, message: undefined });
  });

  test('but not a list that does not exist', () => {
    const seen = run({ args: ['-L', '/lists/olds'], message: POST });
    expect(seen).toMatchObject({ status: 67, output: '', error: '5.1.1 there is no mailing list "olds"\n' });
  });

  test('room that the footer takes is looked for when it is known', () => {
    const footer = 'The news list\n'.repeat(4000).trimEnd();
    const files = control({ footer_text: footer });
    const needed = 2 * (POST.length + footer.length + 1) + 65_536;
    expect(run({ args: DELIVER, message: POST, files, free: needed }).status).toBe(0);
    expect(run({ args: DELIVER, message: POST, files, free: needed - 1 }).status).toBe(75);
  });
});

describe('a dry run', () => {
  const args = ['-L', LIST, '--dry-run'];
  test('needs no mlmmj, no room, and no list of its own', () => {
    const files = { '/usr/bin/mlmmj-receive': undefined, ...control({ ...FOOTER, delimiter: '' }) };
    const seen = run({ args, message: POST, files, user: 5, owner: 6, free: 0 });
    expect(seen).toMatchObject({ status: 0, output: '', error: 'footer added: text/plain\n', args: [] });
    expect(seen.message).toBe(`${POST}-- \nThe news list\n`);
  });
  test('says so where there is no list', () => {
    expect(run({ args: ['-L', '/lists/olds', '--dry-run'], message: POST }).status).toBe(67);
  });
});

describe('what is answered at once', () => {
  test('--help and --version', () => {
    expect(run({ args: ['--version'], message: '' })).toMatchObject({
      status: 0,
      output: 'mlmmj-amime-receive 1.2.3\n',
      error: '',
    });
    expect(run({ args: ['--help'], message: '' }).output).toMatch(/^mlmmj-amime-receive puts [\s\S]*\n$/);
  });
  test('a person who mistypes', () => {
    const hint = ' (see --help)\n';
    expect(run({ args: [], message: '', isTerminal: true })).toMatchObject({
      status: 64,
      error: `mlmmj-amime-receive: no arguments were given${hint}`,
    });
    expect(run({ args: ['instal'], message: '' })).toMatchObject({
      status: 64,
      error: `mlmmj-amime-receive: unknown command "instal": did you mean install?${hint}`,
    });
  });
});

describe('memory', () => {
  const received = (piece: string) => `Received: by mx ${piece.repeat(65_000 / piece.length)}\n\nx\n`;
  const addresses = Array.from({ length: 3000 }, (_, index) => `list${index}@example.org`).join('\n');
  const cases: [string, string, Record<string, string>][] = [
    ['comments', received('(a)'), {}],
    ['quoted pairs', received('"\\a"'), {}],
    ['by', received(' by x'), {}],
    ['for', received(' for <"'), {}],
    ['addresses', `Delivered-To: "\\n\\e\\w\\s"@example.org\n`.repeat(1700), {}],
    ['tiny fields', 'X:\n'.repeat(30_000), {}],
    ['a list of many addresses', `Delivered-To: x@example.org\n`.repeat(2000), { listaddress: addresses }],
    ['quoted control files', POST, { footer_text: '$control prefix$ '.repeat(3000), prefix: 'p' }],
    ['dollars', POST, { footer_text: '$'.repeat(65_000) }],
  ];
  test.each(cases)('of %s is bounded', (_, message, files) => {
    const wasm = new WasmCore(core, 'pipe-mode');
    const given = serialized({ args: DELIVER, message, files: control(files) });
    wasm.write(wasm.call('input', given.length), given);
    const before = wasm.memorySize;
    wasm.call('begin');
    while (wasm.call('step')) wasm.call('collect');
    // The windows of the planner and what a file may hold are in it.
    expect(wasm.memorySize - before).toBeLessThan(4_000_000);
  });
});

test('any arguments, files and heads of messages: the same in both worlds', () => {
  const word = fc.constantFrom(
    '-L',
    LIST,
    '-e',
    '-s',
    '--',
    '-FP',
    '',
    'x@y',
    '--deadline=5',
    '--dry-run',
    'a\xffb',
    'chek',
  );
  const text = fc
    .array(
      fc.constantFrom(
        ...[
          'news',
          '@',
          'example.org',
          '+',
          'Subscribe',
          '\n',
          '\r\n',
          ' ',
          '<',
          '>',
          '"',
          '\\',
          '$list$',
          '$',
          '\xff',
          '\xc3\xbc',
        ],
        ...[
          'Received: by x for ',
          'Return-Path: ',
          'Delivered-To: ',
          'X-Original-To: ',
          '; ',
          '(',
          ')',
          ':',
          '-',
          '<b>',
          '</b>',
          'YWI=',
        ],
      ),
      { maxLength: 25 },
    )
    .map((pieces) => pieces.join(''));
  const names = [
    'listaddress',
    'delimiter',
    'footer_text',
    'footer_html',
    'footer_base64',
    'amime-signed',
    'maxmailsize',
    'prefix',
  ];
  const files = fc.dictionary(fc.constantFrom(...names), text).map(control);
  fc.assert(
    fc.property(fc.array(word, { maxLength: 5 }), files, text, (rest, files, message) => {
      const seen = run({ args: ['-L', LIST, ...rest], message, files });
      expect([0, 64, 67, 75]).toContain(seen.status);
      if (seen.status === 0) {
        expect(seen.output + seen.error).toMatch(/^[ -~]{1,100}\n$/);
        expect(seen.message).toMatch(/\n$/);
      }
    }),
    { numRuns: 300 },
  );
});
