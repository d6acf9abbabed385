import { DEFAULT_DEADLINE_SECONDS } from './arguments.ts';
import { commands } from './commands.ts';

/**
 * What `--help` prints. Its options are what src/commands/pipe-mode-options.ts makes of them, and its examples are run
 * through the parser: by tests.
 */
export function helpText(): string {
  return `mlmmj-amime-receive puts a mailing list's footers into every post and hands it to mlmmj-receive.

In Postfix's master.cf, in place of mlmmj-receive:
  mlmmj unix - n n - - pipe flags=DORhu user=mlmmj null_sender=
    argv=/usr/bin/mlmmj-amime-receive -L /var/vmail/mlmmj/\${nexthop}

By hand, to see what would go out (nothing is delivered):
  mlmmj-amime-receive -L /var/vmail/mlmmj/example.com/list --dry-run < post.eml

mlmmj-receive's own options, handed on to it:
  -L DIR        the list's directory; needed
  -s SENDER     the envelope sender
  -e EXTENSION  the recipient's extension
  -F            do not work in the background
  -P            store the post, do not process it

Options of its own:
  --dry-run             write the outgoing message to standard output instead
  --mlmmj-receive PATH  the absolute path of mlmmj-receive (default /usr/local/bin/mlmmj-receive,
                        else /usr/bin/mlmmj-receive)
  --deadline SECONDS    give up in time for Postfix to keep the message (default ${DEFAULT_DEADLINE_SECONDS})
  --help                say what there is
  --version             say the version

Commands (each has --help):
${commandLines()}

A list's footers are control/footer_text and control/footer_html in its directory.
`;
}

function commandLines(): string {
  const known = commands();
  const lines: string[] = [];
  for (let i = 0; i < known.length; i++) lines.push(`  ${known[i].name.padEnd(11)}${known[i].summary}`);
  return lines.join('\n');
}
