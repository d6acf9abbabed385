/**
 * What people see in a message, by two readers that know nothing of each other or of this project: mailparser and
 * Python's email package. Both are asked about every result, because each has its own blind spots.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { simpleParser } from 'mailparser';

/** One leaf of the MIME tree as Python's email package sees it. Numbers are IMAP's: `1`, `2.1`. */
export interface ReadPart {
  readonly number: string;
  readonly type: string;
  /** There is a Content-Type field (it may still be one that the reader cannot use). */
  readonly declared: boolean;
  readonly charset: string | null;
  readonly encoding: string;
  readonly disposition: string | null;
  readonly filename: string | null;
  readonly format: string | null;
  readonly delsp: string | null;
  /** Content types of the multiparts around it, outermost first. */
  readonly inside: readonly string[];
  readonly defects: readonly string[];
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** Of `text/*` only: the decoded characters. */
  readonly text: string | null;
  /** Of `text/html` only: the visible text, link targets in brackets, {@link BODY_END} where the body really ends. */
  readonly html: string | null;
  /** Why the text could not be decoded cleanly. */
  readonly problem: string | null;
  /** Of the decoded payload without its last newline, in hexadecimal. */
  readonly sha256: string;
}

export interface PythonReading {
  readonly type: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly parts: readonly ReadPart[];
}

export interface MailparserReading {
  readonly text: string;
  readonly html: string;
  readonly attachments: readonly { type: string; filename: string; sha256: string }[];
}

export const BODY_END = '\u0001';

/** Both readers. Started once per test file, closed in `afterAll`. */
export class Readers {
  readonly #python: ChildProcessWithoutNullStreams;
  readonly #waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = [];
  #complaint = '';

  constructor() {
    const script = fileURLToPath(new URL('read_message.py', import.meta.url));
    this.#python = spawn('python3', [script], { stdio: 'pipe' });
    this.#python.stderr.on('data', (bytes) => {
      this.#complaint = (this.#complaint + bytes).slice(-2000);
    });
    createInterface({ input: this.#python.stdout }).on('line', (line) =>
      this.#waiting.shift()?.resolve(line),
    );
    this.#python.stdin.on('error', () => {});
    const fail = (error: Error) => {
      for (const one of this.#waiting.splice(0)) one.reject(error);
    };
    this.#python.on('error', fail);
    this.#python.on('exit', (code) => fail(new Error(`python3 ended with ${code}: ${this.#complaint}`)));
  }

  /** Undefined where Python's email package itself fails on the message. */
  async python(message: Uint8Array): Promise<PythonReading | undefined> {
    const line = await new Promise<string>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#python.stdin.write(`${JSON.stringify(Buffer.from(message).toString('base64'))}\n`);
    });
    const answer = JSON.parse(line) as PythonReading & { failure?: string };
    return answer.failure === undefined ? answer : undefined;
  }

  /** Undefined where mailparser itself fails on the message. */
  async mailparser(message: Uint8Array): Promise<MailparserReading | undefined> {
    try {
      const mail = await simpleParser(Buffer.from(message), {
        skipHtmlToText: true,
        skipTextToHtml: true,
        skipImageLinks: true,
        skipTextLinks: true,
      });
      const attachments = mail.attachments.map((attachment) => ({
        type: attachment.contentType,
        filename: attachment.filename ?? '',
        sha256: createHash('sha256')
          .update(attachment.content.toString('latin1').replace(/\r?\n$/, ''), 'latin1')
          .digest('hex'),
      }));
      return { text: mail.text ?? '', html: mail.html || '', attachments };
    } catch {
      return undefined;
    }
  }

  close(): void {
    this.#python.stdin.end();
  }
}
