import { describe, expect, test } from 'vitest';
import {
  COMMANDS,
  DEFAULT_DEADLINE_SECONDS,
  helpText,
  parseArguments,
  type ReceiveCall,
} from '../src/cli.ts';

const LIST = '/var/vmail/mlmmj/example.org/news';

function receive(...argv: string[]): ReceiveCall {
  const call = parseArguments(argv);
  if (call.kind !== 'receive') throw new Error(`not pipe mode: ${JSON.stringify(call)}`);
  return call;
}

describe("mlmmj-receive's own arguments", () => {
  const rows: [name: string, argv: string[], expected: Partial<ReceiveCall>][] = [
    [
      '-L with its value apart',
      ['-L', LIST],
      { listDirectory: LIST, sender: undefined, extension: undefined },
    ],
    ['-L with its value attached', [`-L${LIST}`], { listDirectory: LIST }],
    ['flags bundled', ['-FP', '-L', LIST], { listDirectory: LIST }],
    ['a flag bundled with -L', ['-FL', LIST], { listDirectory: LIST }],
    ['a value attached in a bundle', [`-PFL${LIST}`], { listDirectory: LIST }],
    [
      'sender and extension',
      ['-L', LIST, '-s', 'a@b.example', '-e', 'subscribe'],
      { sender: 'a@b.example', extension: 'subscribe' },
    ],
    [
      'the last one counts',
      ['-L', '/else', '-e', 'x', '-e', 'y', '-L', LIST],
      { listDirectory: LIST, extension: 'y' },
    ],
    [
      'empty values, as pipe(8) makes them of empty macros',
      ['-L', LIST, '-e', '', '-s', ''],
      { extension: '', sender: '' },
    ],
    [
      'a value that looks like an option',
      ['-L', LIST, '-s', '--dry-run', '-e', '-F'],
      { sender: '--dry-run', extension: '-F', dryRun: false },
    ],
    ['values that look like an end of options', ['-L', LIST, '-s', '--', '-e', '--'], { sender: '--' }],
  ];
  test.each(rows)('%s', (_, argv, expected) => {
    const call = receive(...argv);
    expect(call).toMatchObject(expected);
    expect(call.receiveArguments, 'handed on as they came').toEqual(argv);
  });

  test('an end of options, behind which nothing could be added any more, is not handed on', () => {
    expect(receive('-L', LIST, '-e', '--', '--').receiveArguments).toEqual(['-L', LIST, '-e', '--']);
  });

  test('our own options are not handed on, wherever they stand', () => {
    const call = receive(
      '--dry-run',
      '-L',
      LIST,
      '--mlmmj-receive',
      '/opt/r',
      '-P',
      '--deadline=5',
      '-e',
      'x',
    );
    expect(call).toMatchObject({ dryRun: true, mlmmjReceive: '/opt/r', deadlineSeconds: 5 });
    expect(call.receiveArguments).toEqual(['-L', LIST, '-P', '-e', 'x']);
  });
});

describe('our own options', () => {
  test('have defaults', () => {
    expect(receive('-L', LIST)).toMatchObject({
      dryRun: false,
      mlmmjReceive: undefined,
      deadlineSeconds: DEFAULT_DEADLINE_SECONDS,
    });
  });
  test('the deadline ends before Postfix would bounce', () => {
    expect(DEFAULT_DEADLINE_SECONDS).toBeLessThan(1000);
    expect(receive('-L', LIST, '--deadline', '999').deadlineSeconds).toBe(999);
  });
  test('--help and --version are questions', () => {
    for (const argument of ['--help', '-h']) expect(parseArguments([argument])).toEqual({ kind: 'help' });
    for (const argument of ['--version', '-V'])
      expect(parseArguments([argument])).toEqual({ kind: 'version' });
  });
});

describe('what is wrong is named', () => {
  const rows: [argv: string[], message: string][] = [
    [[], 'no list directory was given (-L)'],
    [['-P'], 'no list directory was given (-L)'],
    [['-L', ''], 'no list directory was given (-L)'],
    [['-L'], '-L needs a value'],
    [['-L', LIST, '-e'], '-e needs a value'],
    [['-L', LIST, '-Fs'], '-s needs a value'],
    [['-L', LIST, '-x'], 'unknown option "-x"'],
    [['-L', LIST, '-Fx'], 'unknown option "-x"'],
    [['-L', LIST, '--verbose'], 'unknown argument "--verbose"'],
    [['-L', LIST, 'stray'], 'unknown argument "stray"'],
    [['-L', LIST, '-'], 'unknown argument "-"'],
    [['-L', LIST, ''], 'unknown argument ""'],
    [['-L', LIST, '--', '-F'], 'unknown argument "-F"'],
    [['-L', LIST, '--mlmmj-receive'], '--mlmmj-receive needs an absolute path'],
    [['-L', LIST, '--mlmmj-receive=bin/r'], '--mlmmj-receive needs an absolute path'],
    [['-L', LIST, '--dry-run=yes'], '--dry-run takes no value'],
    ...['0', '1000', '-5', '5s', '', '1e2', '0x10', '99999999'].map((value): [string[], string] => [
      ['-L', LIST, `--deadline=${value}`],
      '--deadline needs a number of seconds from 1 to 999',
    ]),
    [['-L', LIST, '\u001b[31m\u00e4'], 'unknown argument "?[31m?"'],
    [['-L', LIST, 'x'.repeat(500)], `unknown argument "${'x'.repeat(57)}..."`],
    // Beside -L these stand in a configuration, where exiting 0 without taking the message would lose it.
    [['-L', LIST, '--help'], 'asked for its help, it would lose the message'],
    [['-L', LIST, '-V'], 'asked for its version, it would lose the message'],
    // A macro that expanded to a word in front of the options.
    [['', '-L', LIST], 'unknown command ""'],
    [['stray', `-L${LIST}`], 'unknown command "stray"'],
    [['stray', '-FPL', LIST], 'unknown command "stray"'],
  ];
  test.each(rows)('%j', (argv, message) => {
    expect(parseArguments(argv)).toEqual({ kind: 'wrong', message, typed: false });
  });
  test('only an unknown word by itself was surely typed by a person', () => {
    expect(parseArguments(['reticulate'])).toEqual({
      kind: 'wrong',
      message: 'unknown command "reticulate"',
      typed: true,
    });
    expect(parseArguments(['toString'])).toMatchObject({ kind: 'wrong' });
  });
});

describe('the help text', () => {
  const text = helpText();
  test('fits on a screen', () => {
    expect(text.split('\n').length).toBeLessThan(40);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });
  test('its examples are understood', () => {
    const examples = [...text.matchAll(/(?:argv=\S*\/|^ {2})mlmmj-amime-receive (.+)$/gm)].map(
      (match) => match[1]!,
    );
    expect(examples.length).toBeGreaterThanOrEqual(2);
    for (const example of examples) {
      const argv = example
        .replace(/ < .*$/, '')
        .trim()
        .split(' ');
      expect(['receive', 'command'], example).toContain(parseArguments(argv).kind);
    }
  });
  test('names every option and command, and no other', () => {
    const named = new Set([...text.matchAll(/(?<![\w/])(-[A-Za-z]|--[a-z-]+)\b/g)].map((match) => match[1]!));
    for (const option of ['-L', '-s', '-e', '-F', '-P']) expect(named).toContain(option);
    for (const option of named) {
      const value = option === '--mlmmj-receive' ? ['/r'] : option === '--deadline' ? ['5'] : ['x'];
      const call = [[option], [option, ...value]].map((argv) => parseArguments(argv));
      expect(
        call.some((answer) => !('message' in answer) || !/unknown/.test(answer.message)),
        option,
      ).toBe(true);
    }
    for (const command of Object.keys(COMMANDS)) expect(text).toContain(`\n  ${command} `);
  });
});
