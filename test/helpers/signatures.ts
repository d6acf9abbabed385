/**
 * Mail that is really signed and encrypted, with throw-away keys of the real openssl and gpg, and the real programs'
 * verdict on what became of it. Keys are made in a temporary directory at test time and go with it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dissect, type Entity, entities } from './anatomy.ts';

/** S/MIME by openssl. */
export class Smime {
  readonly #directory = mkdtempSync(join(tmpdir(), 'amime-smime-'));

  constructor() {
    const subject = '/CN=poster@example.com/emailAddress=poster@example.com';
    const key = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '30',
      '-subj',
      subject,
    ];
    this.#openssl(['req', '-x509', ...key, '-keyout', this.#file('key.pem'), '-out', this.#file('cert.pem')]);
  }

  /** An entity signed in the clear: the `multipart/signed` entity that openssl writes, with the message fields above it. */
  signed(entity: string, eol: '\n' | '\r\n'): Buffer {
    return this.#composed(
      ['-sign', '-signer', this.#file('cert.pem'), '-inkey', this.#file('key.pem')],
      entity,
      eol,
    );
  }

  /** Signature and text in one `application/pkcs7-mime`. */
  opaque(entity: string, eol: '\n' | '\r\n'): Buffer {
    return this.#composed(
      ['-sign', '-nodetach', '-signer', this.#file('cert.pem'), '-inkey', this.#file('key.pem')],
      entity,
      eol,
    );
  }

  /** openssl's verdict on the first signed entity in a message, with its own MIME parser: the signed text, or why not. */
  verify(message: Buffer): string {
    const signed = find(
      message,
      (entity) => entity.type === 'multipart/signed' || entity.type === 'application/pkcs7-mime',
    );
    writeFileSync(this.#file('signed.eml'), signed);
    const trust = ['-CAfile', this.#file('cert.pem'), '-purpose', 'any'];
    const run = spawnSync('openssl', ['cms', '-verify', '-in', this.#file('signed.eml'), ...trust], {
      encoding: 'utf8',
    });
    return run.status === 0 ? run.stdout : `openssl: ${run.stderr}`;
  }

  close(): void {
    rmSync(this.#directory, { recursive: true });
  }

  #composed(how: readonly string[], entity: string, eol: string): Buffer {
    writeFileSync(this.#file('entity'), entity.replace(/\r?\n/g, '\r\n'));
    this.#openssl(['cms', ...how, '-in', this.#file('entity'), '-out', this.#file('out.eml')]);
    return Buffer.from(readFileSync(this.#file('out.eml'), 'latin1').replace(/\r?\n/g, eol), 'latin1');
  }

  #openssl(args: readonly string[]): void {
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  }

  #file(name: string): string {
    return join(this.#directory, name);
  }
}

/** OpenPGP by gpg, in a home of its own. */
export class Pgp {
  readonly #home = mkdtempSync(join(tmpdir(), 'amime-pgp-'));

  constructor() {
    this.#gpg([
      '--passphrase',
      '',
      '--quick-generate-key',
      'poster@example.com',
      'default',
      'default',
      'never',
    ]);
  }

  /** A `multipart/signed` entity around this one (RFC 3156). */
  signed(entity: string, eol: '\n' | '\r\n'): Buffer {
    const crlf = entity.replace(/\r?\n/g, '\r\n');
    const signature = this.#gpg(['--armor', '--detach-sign'], crlf).replace(/\r?\n/g, eol);
    const lines = [
      'Content-Type: multipart/signed; micalg=pgp-sha512;',
      '\tprotocol="application/pgp-signature"; boundary="pgp=_1"',
      '',
      '--pgp=_1',
      entity.replace(/\r?\n/g, eol),
      '--pgp=_1',
      'Content-Type: application/pgp-signature; name="signature.asc"',
      'Content-Description: OpenPGP digital signature',
      '',
      signature,
      '--pgp=_1--',
      '',
    ];
    return Buffer.from(lines.join(eol), 'latin1');
  }

  clearSigned(text: string): string {
    return this.#gpg(['--clearsign'], text);
  }

  encrypted(text: string): string {
    return this.#gpg(['--armor', '--trust-model', 'always', '--encrypt', '-r', 'poster@example.com'], text);
  }

  /** gpg's verdict on the first PGP/MIME entity of a message: `good`, or what gpg said. */
  verify(message: Buffer): string {
    const signed = find(message, (entity) => entity.type === 'multipart/signed');
    const [content, signature] = dissect(signed).children;
    if (content === undefined || signature === undefined) return 'not two parts';
    const text = signed.toString('latin1', content.start, content.end).replace(/\r?\n/g, '\r\n');
    writeFileSync(join(this.#home, 'content'), text, 'latin1');
    writeFileSync(join(this.#home, 'signature'), signed.subarray(signature.bodyStart, signature.end));
    return this.#verdict(['--verify', join(this.#home, 'signature'), join(this.#home, 'content')]);
  }

  /** gpg's verdict on text with a clear-signed block in it. */
  verifyText(text: string): string {
    writeFileSync(join(this.#home, 'text'), text);
    return this.#verdict(['--verify', join(this.#home, 'text')]);
  }

  decrypt(text: string): string {
    return this.#gpg(['--decrypt'], text);
  }

  close(): void {
    spawnSync('gpgconf', ['--homedir', this.#home, '--kill', 'all']);
    rmSync(this.#home, { recursive: true, force: true });
  }

  #gpg(args: readonly string[], input = ''): string {
    const all = ['--homedir', this.#home, '--batch', '--quiet', '--pinentry-mode', 'loopback', ...args];
    return execFileSync('gpg', all, {
      input: Buffer.from(input, 'utf8'),
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  }

  #verdict(args: readonly string[]): string {
    const run = spawnSync('gpg', ['--homedir', this.#home, '--batch', ...args], { encoding: 'utf8' });
    return run.status === 0 && /Good signature/.test(run.stderr) ? 'good' : run.stderr;
  }
}

function find(message: Buffer, wanted: (entity: Entity) => boolean): Buffer {
  for (const entity of entities(dissect(message))) {
    if (wanted(entity)) return message.subarray(entity.start, entity.end);
  }
  throw new Error('no signed entity in the message');
}
