/** The certificate for STARTTLS, read from its files. */
import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { systemCode } from '../host/system-error.ts';
import { ListenError } from './listen.ts';

/** Absolute paths of files in PEM. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/** The same files' content, known to be good for a server. */
export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** @throws ListenError that says which of the files is of no use */
export async function readCertificate(files: CertificateFiles): Promise<Certificate> {
  const [cert, key] = await Promise.all([read(files.certificate), read(files.key)]);
  if (!isUsable({ cert }, cert)) throw new ListenError(`${files.certificate} holds no certificate in PEM`);
  if (!isUsable({ key }, key)) {
    throw new ListenError(`${files.key} holds no private key in PEM, or one that needs a passphrase`);
  }
  if (!isUsable({ cert, key }, key)) {
    throw new ListenError(`${files.key} is not the key of the certificate in ${files.certificate}`);
  }
  return { cert, key };
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new ListenError(`${path} cannot be read (${systemCode(error)})`);
  }
}

/** What is empty counts as not given, which a runtime finds in order. */
function isUsable(options: SecureContextOptions, content: Buffer): boolean {
  if (content.length === 0) return false;
  try {
    createSecureContext(options);
    return true;
  } catch {
    return false;
  }
}
