/**
 * Addresses as a list knows them. They are bytes, and matching folds ASCII case alone: what other letters fold to depends
 * on whom one asks, and a directory is named in one way.
 */
import { ByteString } from '../host/files.ts';
import { asciiLower, BACKSLASH, bytesOf, latin1 } from '../mime/bytes.ts';

export class Address {
  constructor(
    /** In the quoting it came with. */
    readonly local: ByteString,
    /** '' where there is none. */
    readonly domain: ByteString,
  ) {}
}

/** A quoted local part may hold an `@` of its own (RFC 5321 §4.1.2), a domain never: the last one separates. */
export function splitAddress(address: ByteString): Address {
  const at = address.lastIndexOf('@');
  return at < 0 ? new Address(address, '') : new Address(address.substring(0, at), address.substring(at + 1));
}

/** What the extensions of bounce addresses begin with. */
const BOUNCES: string = 'bounces';

export function isBounceExtension(extension: ByteString): boolean {
  return extension.startsWith(BOUNCES);
}

/**
 * An extension as mlmmj knows it. Its commands are in lower case, and 1.3.0 drops without a word what was sent to
 * `list+Subscribe@` or `list+OWNER@`. What stands in a bounce address is a subscriber's, whose case is his own.
 */
export function asMlmmjSpellsIt(extension: ByteString): ByteString {
  const spelled = asciiLower(extension);
  return isBounceExtension(spelled) ? BOUNCES + extension.substring(BOUNCES.length) : spelled;
}

/** Which addresses are a list's. */
export class AddressMatcher {
  private readonly locals: ByteString[] = [];
  private readonly domains: ByteString[] = [];
  private readonly delimiter: ByteString;

  constructor(addresses: ByteString[], delimiter: ByteString) {
    this.delimiter = asciiLower(delimiter);
    for (let i = 0; i < addresses.length; i++) {
      const address = splitAddress(asciiLower(addresses[i]));
      if (address.local === '') continue;
      this.locals.push(address.local);
      this.domains.push(address.domain);
    }
  }

  /**
   * The extension with which an address is the list's, in the case in which it came; '' for its plain address, null where
   * it is not the list's. X-Original-To keeps the case as the sender typed it. A list whose own name holds the delimiter
   * is found before a list with a shorter name.
   */
  extensionOf(address: ByteString): ByteString | null {
    const split = splitAddress(address);
    const written = withoutQuotes(split.local);
    const local = asciiLower(written);
    const domain = asciiLower(split.domain);
    let found: ByteString | null = null;
    for (let i = 0; i < this.locals.length; i++) {
      if (domain !== this.domains[i]) continue;
      const name = this.locals[i];
      if (local === name) return '';
      if (!local.startsWith(name) || !local.startsWith(this.delimiter, name.length)) continue;
      const extension = written.substring(name.length + this.delimiter.length);
      if (found === null || extension.length < found.length) found = extension;
    }
    return found;
  }
}

/** Quotes do not make it another mailbox (RFC 5321 §4.1.2). */
function withoutQuotes(local: ByteString): ByteString {
  if (local.length < 2 || !local.startsWith('"') || !local.endsWith('"')) return local;
  const inside = local.substring(1, local.length - 1);
  if (!inside.includes('\\')) return inside;
  const bytes = bytesOf(inside);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === BACKSLASH && i + 1 < bytes.length) i++;
    bytes[length++] = bytes[i];
  }
  return latin1(bytes, 0, length);
}
