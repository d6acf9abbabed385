/**
 * The same list text through the real mlmmj and through ours: what mlmmj puts into its answer to a request for
 * help is what a footer must say. Left out where we differ on purpose: `$$`, values that hold
 * substitutions again, and an empty control file (on which mlmmj 1.3.0 crashes).
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { asItIs, substitute } from '../../src/footer/substitute.ts';
import { NodeFiles } from '../../src/host/node-files.ts';
import { openList } from '../../src/list/list.ts';
import { readSubstitutions } from '../../src/list/substitutions.ts';
import { makeList } from '../helpers/list-directory.ts';
import { lacks, MLMMJ } from '../helpers/needs.ts';

const mlmmjReceive = ['/usr/local/bin/mlmmj-receive', '/usr/bin/mlmmj-receive'].find((path) =>
  existsSync(path),
);

const TEXT = [
  '$list$ $list+$ $domain$ $listaddr$ $listowner$ $listsubaddr$ $listunsubaddr$ $helpaddr$ $faqaddr$',
  '$list$@$domain$ $list+$unsubscribe@$domain$ $list$$domain$',
  'costs $5, see $list$ and $nothing$list$ or $list$list$ for $6',
  '$List$ $list $ $ list$ $listaddr',
  '$control motto$ | $control A.b-c_9$ | $control crlf$ | $control missing$',
  '$control .hidden$ $control ../index$ $control a b$ $control  motto$ $control motto $ $Control motto$ $control $',
];

const CONTROL = {
  owner: 'owner@example.org\n',
  // Nothing listens there: the answer stays in the queue, where it can be read.
  relayhost: '127.0.0.1\n',
  smtpport: '9\n',
  motto: 'one two\n',
  'A.b-c_9': 'x',
  crlf: 'y\r\n',
  '.hidden': 'no\n',
};

const noMlmmj = lacks(MLMMJ);

describe.skipIf(noMlmmj)(`substitutions as in mlmmj${noMlmmj}`, () => {
  it.each(['+', '-', '--'])('with delimiter %s', async (delimiter) => {
    const made = await makeList({ ...CONTROL, delimiter: `${delimiter}\n` });
    try {
      for (const name of [
        'incoming',
        'queue/discarded',
        'archive',
        'text',
        'subconf',
        'bounce',
        'moderation',
        'subscribers.d',
      ]) {
        await mkdir(join(made.directory, name), { recursive: true });
      }
      await writeFile(join(made.directory, 'index'), '');
      await writeFile(join(made.directory, 'text/help'), `Subject: help\n\n${TEXT.join('\n')}\n`);
      const request = `From: a@example.net\nTo: news${delimiter}help@example.org\nSubject: x\nMessage-ID: <1@example.net>\n\nx\n`;
      await execa(mlmmjReceive!, ['-L', made.directory, '-F', '-s', 'a@example.net', '-e', 'help'], {
        input: request,
      });

      const queued = await readdir(join(made.directory, 'queue'));
      const answer = queued.find((name) => /^[0-9a-f]+$/.test(name));
      expect(answer, `an answer among ${queued}`).toBeDefined();
      const said = await readFile(join(made.directory, 'queue', answer!), 'utf8');

      const { list } = openList(made.directory, new NodeFiles());
      const text = TEXT.join('\n');
      const { values } = readSubstitutions([text], list!, new NodeFiles());
      expect(substitute(text, values, asItIs)?.split('\n')).toEqual(
        said
          .slice(said.indexOf('\n\n') + 2)
          .trimEnd()
          .split('\n'),
      );
    } finally {
      await made.remove();
    }
  });
});
