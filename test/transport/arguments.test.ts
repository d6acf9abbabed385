import { describe, expect, test } from 'vitest';
import { optionGroups } from '../../src/commands/help-text.ts';
import { PIPE_MODE_OPTIONS } from '../../src/commands/pipe-mode-options.ts';
import {
  type Call,
  CallKind,
  DEFAULT_DEADLINE_SECONDS,
  parseArguments,
  type ReceiveCall,
} from '../../src/transport/arguments.ts';
import { commands } from '../../src/transport/commands.ts';
import { helpText } from '../../src/transport/help-text.ts';

const LIST = '/var/vmail/mlmmj/example.org/news';

/** As a mail system calls it. */
function parse(...argv: string[]): Call {
  return parseArguments(argv, false);
}

/** As a person does. */
function typed(...argv: string[]): Call {
  return parseArguments(argv, true);
}

function receive(...argv: string[]): ReceiveCall {
  const call = parse(...argv);
  if (call.kind !== CallKind.Receive) throw new Error(`not pipe mode: ${JSON.stringify(call)}`);
  return call.receive!;
}

describe("mlmmj-receive's own arguments", () => {
  const rows: [name: string, argv: string[], expected: Partial<ReceiveCall>][] = [
    ['-L with its value apart', ['-L', LIST], { listDirectory: LIST, sender: null, extension: null }],
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
      { sender: '--dry-run', extension: '-F', isDryRun: false },
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
    expect(call).toMatchObject({ isDryRun: true, mlmmjReceive: '/opt/r', deadlineSeconds: 5 });
    expect(call.receiveArguments).toEqual(['-L', LIST, '-P', '-e', 'x']);
  });
});

describe('our own options', () => {
  test('have defaults', () => {
    expect(receive('-L', LIST)).toMatchObject({
      isDryRun: false,
      mlmmjReceive: '',
      deadlineSeconds: DEFAULT_DEADLINE_SECONDS,
    });
  });
  test('the deadline ends before Postfix would bounce', () => {
    expect(DEFAULT_DEADLINE_SECONDS).toBeLessThan(1000);
    expect(receive('-L', LIST, '--deadline', '999').deadlineSeconds).toBe(999);
  });
  test('--help and --version are questions', () => {
    for (const argument of ['--help', '-h']) expect(parse(argument).kind).toBe(CallKind.Help);
    for (const argument of ['--version', '-V']) expect(parse(argument).kind).toBe(CallKind.Version);
    expect(parse('-V', '-h').kind).toBe(CallKind.Version);
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
    expect(parse(...argv)).toEqual({ kind: CallKind.Wrong, receive: null, message, isTyped: false });
  });
  test('only an unknown word by itself was surely typed by a person', () => {
    expect(parse('reticulate')).toMatchObject({
      kind: CallKind.Wrong,
      message: 'unknown command "reticulate"',
      isTyped: true,
    });
    expect(parse('toString').kind).toBe(CallKind.Wrong);
  });
});

describe('a person at a terminal', () => {
  test('is told that there are arguments', () => {
    expect(typed()).toMatchObject({ message: 'no arguments were given', isTyped: true });
  });
  test('is never taken for a mail system', () => {
    for (const argv of [['-P'], ['-x'], ['--verbose'], ['stray', '-L', LIST], ['']]) {
      expect(typed(...argv), argv.join(' ')).toMatchObject({ kind: CallKind.Wrong, isTyped: true });
    }
  });
  test('may deliver', () => {
    expect(typed('-L', LIST).kind).toBe(CallKind.Receive);
  });
});

describe('commands', () => {
  test('are the first argument', () => {
    for (const { name } of commands()) expect(parse(name, '-x', '--y').kind).toBe(CallKind.Command);
  });
  test.each([
    ['help', '--help'],
    ['version', '--version'],
    ['instal', 'install'],
    ['isntall', 'install'],
    ['unistall', 'uninstall'],
    ['Check', 'check'],
    ['chek', 'check'],
    ['server', 'serve'],
    ['previwe', 'preview'],
    ['preveiw', 'preview'],
  ])('%s is taken for %s', (word, meant) => {
    expect(parse(word)).toMatchObject({
      message: `unknown command "${word}": did you mean ${meant}?`,
      isTyped: true,
    });
  });
  test.each(['x', 'se', 'reticulate', 'deliver', 'x'.repeat(100_000)])('%.20s is like nothing', (word) => {
    expect(parse(word).message).toMatch(/^unknown command "[^"]*"$/);
  });
});

describe('the help text', () => {
  const text = helpText();
  test('fits on a screen', () => {
    expect(text.split('\n').length).toBeLessThan(40);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });
  test('has the options that the completions and the manual page have', () => {
    expect(text).toContain(`\n${optionGroups(PIPE_MODE_OPTIONS)}\n`);
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
      expect([CallKind.Receive, CallKind.Command], example).toContain(parse(...argv).kind);
    }
  });
  test('names every option and command, and no other', () => {
    const named = new Set([...text.matchAll(/(?<![\w/])(-[A-Za-z]|--[a-z-]+)\b/g)].map((match) => match[1]!));
    for (const option of ['-L', '-s', '-e', '-F', '-P']) expect(named).toContain(option);
    for (const option of named) {
      const value = option === '--mlmmj-receive' ? ['/r'] : option === '--deadline' ? ['5'] : ['x'];
      const call = [[option], [option, ...value]].map((argv) => parse(...argv));
      expect(
        call.some((answer) => !answer.message.includes('unknown')),
        option,
      ).toBe(true);
    }
    for (const { name, summary } of commands())
      expect(text).toMatch(new RegExp(`\\n {2}${name} +${summary}\\n`));
  });
});
