/** The examples, run as their comments say. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { simpleParser } from 'mailparser';
import { createTransport } from 'nodemailer';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../helpers/programs.ts';
import { demandLibrary } from './demand-library.ts';

const require = createRequire(import.meta.url);
const running: ChildProcess[] = [];

beforeAll(demandLibrary);
afterEach(() => {
  for (const child of running.splice(0)) child.kill();
});

function example(name: string, ...args: string[]): ChildProcess & { stdout: NodeJS.ReadableStream } {
  const child = spawn(process.execPath, [join(ROOT, 'examples', name), ...args], { stdio: 'pipe' });
  running.push(child);
  return child as ChildProcess & { stdout: NodeJS.ReadableStream };
}

async function listening(server: ChildProcess): Promise<number> {
  let said = '';
  for await (const piece of server.stderr!) {
    said += piece;
    const port = /listening on port (\d+)/.exec(said)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error(`the server did not start: ${said}`);
}

describe('the examples', () => {
  it('smtp-server.js takes a message and gives it its footer', async () => {
    const server = example('smtp-server.js', '0');
    const port = await listening(server);
    const message = text(server.stdout);
    const transport = createTransport({ host: '127.0.0.1', port, ignoreTLS: true });
    await transport.sendMail({ from: 'a@example.net', to: 'b@example.org', subject: 'x', text: 'Hi' });
    server.kill();
    expect((await simpleParser(await message)).text).toBe(
      'Hi\n-- \nThe café list: https://lists.example.org/cafe\n',
    );
  });

  it('nodemailer.js sends a message with footers', async () => {
    const { SMTPServer } = await import('smtp-server');
    let received: Promise<string> | undefined;
    const server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      onData(stream, _session, done) {
        received = text(stream);
        received.then(() => done(), done);
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.server.address() as { port: number };
    const said = await text(example('nodemailer.js', '127.0.0.1', String(port)).stdout);
    await new Promise<void>((resolve) => server.close(() => resolve()));
    expect(said).toBe('footer added: text/plain, text/html\n');
    const mail = await simpleParser(await received!);
    expect(mail.text).toBe('Bring your own café.\n-- \nThe café list');
    expect(mail.html).toContain('<p>The café list</p>');
  });

  it('haraka-plugin.cjs hands a message of Haraka over with its footer', async () => {
    const MessageStream = require('haraka-message-stream');
    const folder = await mkdtemp(join(tmpdir(), 'amime-haraka-'));
    const stored = join(folder, 'stored');
    await writeFile(join(folder, 'store'), `#!/bin/sh\nexec cat > "$1"\n`, { mode: 0o755 });
    // What Haraka puts into a plugin's scope.
    Object.assign(globalThis, { OK: 906, DENYSOFT: 903 });
    const plugin = require(join(ROOT, 'examples/haraka-plugin.cjs'));
    const hooks: string[] = [];
    plugin.config = { get: () => ({ text: 'The café list', program: [join(folder, 'store'), stored] }) };
    plugin.register_hook = (hook: string, method: string) => hooks.push(`${hook} ${method}`);
    plugin.register();
    expect(hooks).toEqual(['queue deliver']);

    const message_stream = new MessageStream({ main: {} }, 'id', []);
    for (const line of ['Subject: x\r\n', '\r\n', 'Hi\r\n']) message_stream.add_line(line);
    await new Promise((resolve) => message_stream.add_line_end(resolve));
    const log: string[] = [];
    const connection = {
      transaction: { message_stream },
      loginfo: (_plugin: unknown, line: string) => log.push(line),
    };
    const status = await new Promise((resolve) => plugin.deliver(resolve, connection));
    expect(status).toBe(906);
    expect(log).toEqual(['footer added: text/plain']);
    expect((await simpleParser(await readFile(stored))).text).toBe('Hi\nThe café list\n');
    await rm(folder, { recursive: true });
  });
});
