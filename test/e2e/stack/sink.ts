import { createWriteStream, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';

/** One SMTP server that stands for all subscribers' mail servers. It keeps every message as it came, in a file. */
export interface Sink {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Each message becomes `NUMBER.json` (the envelope) and `NUMBER.eml` (the bytes) in `directory`, the .eml
 * being renamed into place last. With `eightBit` false the server does not announce 8BITMIME.
 */
export async function startSink(port: number, directory: string, eightBit: boolean): Promise<Sink> {
  mkdirSync(directory, { recursive: true });
  let count = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    hide8BITMIME: !eightBit,
    hideSMTPUTF8: !eightBit,
    logger: false,
    // At the end Postfix is gone; nobody is owed a goodbye.
    closeTimeout: 100,
    onData(stream, session, callback) {
      const name = join(directory, String(++count).padStart(5, '0'));
      const { mailFrom, rcptTo } = session.envelope;
      const recipients = rcptTo.map((recipient) => recipient.address);
      const sender = mailFrom ? mailFrom.address : '';
      writeFileSync(`${name}.json`, JSON.stringify({ sender, recipients }));
      stream.pipe(createWriteStream(`${name}.part`)).once('finish', () => {
        renameSync(`${name}.part`, `${name}.eml`);
        callback();
      });
    },
  });
  server.on('error', () => {}); // a client that breaks the connection is no trouble of the sink's
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
