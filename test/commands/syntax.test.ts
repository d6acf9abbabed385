/** What can be said to a command: read, refused, and shown by --help. */
import { describe, expect, test } from 'vitest';
import '../../src/portable.ts';
import { HELP_WIDTH, helpText } from '../../src/commands/help-text.ts';
import { loadCommand } from '../../src/commands/load.ts';
import { readArguments } from '../../src/commands/read-arguments.ts';
import { type CommandSyntax, type Option, placeholder, spelled } from '../../src/commands/syntax.ts';
import { commands } from '../../src/transport/commands.ts';

const SPEAK = {
  name: 'speak',
  operands: 'WORD …',
  about: 'Says something.\n',
  options: {
    L: { takes: 'directory', purpose: 'where' },
    F: { purpose: 'fast' },
    P: { purpose: 'posted' },
    loud: { purpose: 'so that all hear it' },
    to: { takes: 'word', as: 'NAME', isRepeatable: true, purpose: 'who is spoken to' },
    tone: { takes: 'word', choices: ['kind', 'plain'], purpose: 'how it sounds' },
    via: {
      takes: 'word',
      as: 'ADDRESS',
      optionalValue: { without: 'here', looksLike: /^at:/ },
      purpose: 'over which way',
    },
    port: { takes: 'port', purpose: 'a port', default: 25 },
    times: { takes: 'number', purpose: 'how often', group: 'Limits' },
  },
} as const satisfies CommandSyntax;

const read = (...args: string[]) => readArguments(SPEAK, args);

describe('arguments', () => {
  test.each([
    [['-L', '/l', 'hello'], { L: '/l' }, ['hello']],
    [['-L/l', '-FP'], { L: '/l', F: true, P: true }, []],
    [['--loud', '--tone=kind'], { loud: true, tone: 'kind' }, []],
    [['--to', 'a', '--to=b'], { to: ['a', 'b'] }, []],
    [['--port', '587', '--times', '3'], { port: 587, times: 3 }, []],
    [['--via'], { via: 'here' }, []],
    [['--via', '/list'], { via: 'here' }, ['/list']],
    [['--via', 'at:home'], { via: 'at:home' }, []],
    [['--via=elsewhere'], { via: 'elsewhere' }, []],
    [['--', '--via', '-F'], {}, ['--via', '-F']],
    [['-'], {}, ['-']],
    [['-L-x'], { L: '-x' }, []],
  ] as const)('%j', (args, values, operands) => {
    expect(read(...args)).toEqual({ values, operands });
  });

  test.each([
    [['--L', '/l'], 'unknown option "--L"'],
    [['-loud'], 'unknown option "-l"'],
    [['--constructor'], 'unknown option "--constructor"'],
    [['--shout\x1b[2J'], 'unknown option "--shout?[2J"'],
    [['--loud', '--loud'], '--loud was given twice'],
    [['-F', '-F'], '-F was given twice'],
    [['-L', '/a', '-L/b'], '-L was given twice'],
    [['--via', '--via'], '--via was given twice'],
    [['--loud=yes'], '--loud takes no value'],
    [['--tone'], '--tone needs a value'],
    [['--tone='], '--tone needs a value'],
    [['--tone', '--loud'], '--tone needs a value'],
    [['--tone', 'harsh'], '--tone harsh: one of kind, plain is meant'],
    [['--port', '65536'], '--port 65536: that is no port'],
    [['--port', '1e3'], '--port 1e3: that is no port'],
    [['--times', '0'], '--times needs a number from 1 to 999999'],
    [['--times', 'thrice'], '--times needs a number from 1 to 999999'],
  ])('%j is refused', (args, message) => {
    expect(() => read(...args)).toThrow(
      expect.objectContaining({ message: `${message} (see speak --help)`, exit: 64 }),
    );
  });

  test('what is needed is asked for, and what stands for nothing is unknown', () => {
    const syntax = {
      name: 'x',
      about: '',
      options: { lists: { takes: 'directory', isNeeded: true, purpose: 'the lists' } },
    } as const satisfies CommandSyntax;
    expect(() => readArguments(syntax, [])).toThrow('--lists is needed: the lists (see x --help)');
    expect(() => readArguments(syntax, ['a'])).toThrow('unknown argument "a" (see x --help)');
    expect(readArguments(syntax, ['--lists', '/l']).values.lists).toBe('/l');
  });
});

test('the help text has the options in groups, and what they are for in columns', () => {
  const purpose = `${'a word '.repeat(20)}at the end`;
  const options = { ...SPEAK.options, tone: { ...SPEAK.options.tone, purpose, also: 'or not' } };
  expect(
    helpText({ ...SPEAK, options, closing: 'That is all.' }),
  ).toBe(`Usage: mlmmj-amime-receive speak [options] WORD …

Says something.

Options:
  -L DIR           where
  -F               fast
  -P               posted
  --loud           so that all hear it
  --to NAME        who is spoken to
  --tone WORD      a word a word a word a word a word a word a word a word a word a word a word a
                   word a word a word a word a word a word a word a word a word at the end; or not
  --via [ADDRESS]  over which way
  --port PORT      a port (default 25)
  --help           say what there is

Limits:
  --times N  how often

That is all.
`);
});

describe.each(commands().map(({ name }) => name))('%s', (name) => {
  test('fits beside another window, and names each of its options once', async () => {
    const { syntax } = await loadCommand(name);
    const text = helpText(syntax);
    expect(syntax.name).toBe(name);
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(HELP_WIDTH);
    for (const option of Object.keys(syntax.options)) {
      const starts = text.split('\n').filter((line) => line.startsWith(`  ${spelled(option)} `));
      expect(starts, option).toHaveLength(1);
    }
  });

  test('refuses each option without its value, with one it does not take, and given twice', async () => {
    const { run, syntax } = await loadCommand(name);
    const needed = Object.entries(syntax.options).flatMap(([option, form]) =>
      form.isNeeded ? [spelled(option), '/nowhere'] : [],
    );
    for (const [option, form] of Object.entries<Option>(syntax.options)) {
      const name = spelled(option);
      if (placeholder(form) === '' && option.length > 1) {
        await expect(run([...needed, `${name}=x`])).rejects.toThrow(`${name} takes no value`);
      } else if (placeholder(form) !== '' && form.optionalValue === undefined) {
        await expect(run([name])).rejects.toThrow(`${name} needs a value`);
      }
      const good = form.choices?.[0] ?? (form.takes === 'word' ? 'x' : '1');
      const once = placeholder(form) === '' ? [name] : [name, good];
      if (!form.isRepeatable && !form.isNeeded && form.optionalValue === undefined) {
        await expect(run([...once, ...once]), name).rejects.toThrow(`${name} was given twice`);
      }
    }
  });
});
