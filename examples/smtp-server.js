/**
 * A mail server that puts footers into what it takes and writes each message to standard output.
 *
 *     node examples/smtp-server.js 2525
 */
import { pipeline } from 'node:stream/promises';
import { completeFooters, FooterStream } from 'mlmmj-amime-receive';
import { SMTPServer } from 'smtp-server';

const footers = await completeFooters({ text: '-- \nThe café list: https://lists.example.org/cafe' });

const server = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  onData(message, _session, done) {
    const stream = new FooterStream(footers);
    stream.once('footer', ({ summary }) => console.error(summary));
    pipeline(message, stream, process.stdout, { end: false }).then(() => done(), done);
  },
});

server.listen(Number(process.argv[2] ?? 2525), '127.0.0.1', () => {
  console.error(`listening on port ${server.server.address().port}`);
});
