import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The part of a message that is signed: header and text, CRLF, 7-bit clean. */
const SIGNED_PART = Buffer.from(
  'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n' +
    'Signed words, with =C3=BCmlauts=20\r\nand a soft =\r\nbreak.\r\n',
);

export interface SignedBody {
  /** The header fields of the multipart/signed body. */
  readonly fields: readonly string[];
  readonly body: Buffer;
  /** Throws unless the real program finds the signature good in a multipart/signed entity (header and body). */
  verify(entity: Buffer): void;
}

/** Signs with the real openssl, as mail clients do S/MIME. */
export function smimeSigned(directory: string): SignedBody {
  mkdirSync(directory, { recursive: true });
  const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')];
  const quiet = { stdio: ['ignore', 'pipe', 'ignore'] as ('ignore' | 'pipe')[] };
  const subject = '/CN=Poster/emailAddress=poster@elsewhere.example';
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', subject];
  execFileSync('openssl', [...request, '-keyout', key, '-out', certificate], quiet);
  const part = join(directory, 'part');
  writeFileSync(part, SIGNED_PART);
  const sign = ['smime', '-sign', '-binary', '-crlfeol', '-signer', certificate, '-inkey', key, '-in', part];
  const entity = execFileSync('openssl', sign, quiet) as Buffer;
  const text = entity.toString('latin1').replace(/\r?\n/g, '\r\n');
  const end = text.indexOf('\r\n\r\n');
  return {
    fields: unfold(text.slice(0, end)).filter((field) => field.startsWith('Content-')),
    body: Buffer.from(text.slice(end + 4), 'latin1'),
    verify(signed) {
      const file = join(directory, 'received');
      writeFileSync(file, signed);
      const check = ['smime', '-verify', '-binary', '-noverify', '-in', file, '-certfile', certificate];
      execFileSync('openssl', [...check, '-out', '/dev/null'], { stdio: ['ignore', 'ignore', 'pipe'] });
    },
  };
}

/** Signs with the real gpg, as mail clients do PGP/MIME. */
export function pgpSigned(directory: string): SignedBody {
  const home = join(directory, 'gnupg');
  mkdirSync(home, { recursive: true });
  chmodSync(home, 0o700);
  const gpg = (args: string[], input?: Buffer) =>
    execFileSync('gpg', ['--homedir', home, '--batch', '--no-tty', '--quiet', ...args], {
      ...(input === undefined ? {} : { input }),
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
  const identity = 'Poster <poster@elsewhere.example>';
  gpg([
    '--pinentry-mode',
    'loopback',
    '--passphrase',
    '',
    '--quick-generate-key',
    identity,
    'ed25519',
    'sign',
    '2d',
  ]);
  const signature = gpg(['--armor', '--detach-sign', '--digest-algo', 'SHA256'], SIGNED_PART);
  const boundary = '=-pgp-signed-boundary';
  const body = Buffer.concat([
    Buffer.from(`--${boundary}\r\n`),
    SIGNED_PART,
    Buffer.from(`\r\n--${boundary}\r\nContent-Type: application/pgp-signature; name="signature.asc"\r\n\r\n`),
    Buffer.from(signature.toString('latin1').replace(/\r?\n/g, '\r\n')),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  const protocol = 'protocol="application/pgp-signature"; micalg=pgp-sha256';
  return {
    fields: [`Content-Type: multipart/signed; boundary="${boundary}"; ${protocol}`],
    body,
    verify(entity) {
      const [signed, signaturePart] = parts(entity, boundary);
      const detached = join(directory, 'received.asc');
      writeFileSync(detached, signaturePart!.subarray(signaturePart!.indexOf('\r\n\r\n') + 4));
      const signedFile = join(directory, 'received.part');
      writeFileSync(signedFile, signed!);
      gpg(['--verify', detached, signedFile]);
    },
  };
}

/** The parts of a multipart body with their headers, byte for byte: what stands between the boundary lines. */
export function parts(entity: Buffer, boundary: string): Buffer[] {
  const found: Buffer[] = [];
  const mark = Buffer.from(`--${boundary}`);
  let start = -1;
  for (let at = entity.indexOf(mark); at >= 0; at = entity.indexOf(mark, at + 1)) {
    if (at > 0 && entity[at - 1] !== 0x0a) continue;
    if (start >= 0) found.push(entity.subarray(start, at - 2));
    start = entity.indexOf('\r\n', at) + 2;
    if (entity.subarray(at + mark.length, at + mark.length + 2).toString() === '--') break;
  }
  return found;
}

/** The header fields of a message or part, folded ones on one line. */
export function unfold(header: string): string[] {
  return header.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
}
