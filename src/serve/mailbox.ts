/**
 * The addresses of an LMTP dialogue, as RFC 5321 writes them. Pure; everything in here came from the network.
 *
 * smtp-server reads them too, but converts domains to Unicode and refuses a quoted local part with a blank or an `@`
 * in it. The sender must reach mlmmj as it was sent, and refusing it would bounce the poster's mail.
 */

/** The argument of MAIL or RCPT. */
export interface PathArgument {
  /** Between the angle brackets, without a source route; '' for the null sender. In the quoting it came with. */
  readonly address: string;
  /** ESMTP parameters by upper-case name; `true` for one without a value. */
  readonly parameters: Readonly<Record<string, string | true>>;
  /** A parameter that was given twice. */
  readonly duplicate: string | undefined;
}

/** An address taken apart. */
export interface Mailbox {
  /** Without its quotes. */
  readonly localPart: string;
  /** '' where there is none. */
  readonly domain: string;
}

/** Bytes. RFC 5321 says 254; senders that encode an address in an address go beyond. */
const ADDRESS_LIMIT = 1000;

/** A path in angle brackets. Quoted strings may hold `>` and blanks. */
const PATH = /^\s*<((?:"(?:[^"\\]|\\.)*"|[^"<>\s])*)>(?=\s|$)/u;

/** RFC 5321, section 4.1.2: to be accepted and ignored. */
const SOURCE_ROUTE = /^@[^\s,:@"]+(?:,@[^\s,:@"]+)*:/;

/** Control characters of both sets, and the mark that a decoder leaves for what was no UTF-8. */
const UNSPEAKABLE = /[\u0000-\u001f\u007f-\u009f\ufffd]/;

/** @param text what stands behind `MAIL FROM:` or `RCPT TO:`; `undefined` for what is not a path */
export function parsePathArgument(text: string): PathArgument | undefined {
  if (UNSPEAKABLE.test(text)) return undefined;
  const match = PATH.exec(text);
  if (match === null) return undefined;
  const address = match[1]!.replace(SOURCE_ROUTE, '');
  if (address.length > ADDRESS_LIMIT) return undefined;
  if (address !== '' && splitMailbox(address) === undefined) return undefined;
  const parameters: Record<string, string | true> = {};
  let duplicate: string | undefined;
  for (const parameter of text.slice(match[0].length).trim().split(/\s+/)) {
    if (parameter === '') continue;
    const equals = parameter.indexOf('=');
    const name = (equals < 0 ? parameter : parameter.slice(0, equals)).toUpperCase();
    if (Object.hasOwn(parameters, name)) duplicate ??= name;
    parameters[name] = equals < 0 || equals === parameter.length - 1 ? true : parameter.slice(equals + 1);
  }
  return { address, parameters, duplicate };
}

/** `undefined` where it has no local part, or one whose quotes are broken. */
export function splitMailbox(address: string): Mailbox | undefined {
  const quoted = /^"((?:[^"\\]|\\.)*)"(?:@([^@"]*))?$/u.exec(address);
  if (quoted !== null) {
    const localPart = quoted[1]!.replace(/\\(.)/gu, '$1');
    return localPart === '' ? undefined : { localPart, domain: quoted[2] ?? '' };
  }
  if (address.includes('"')) return undefined;
  const at = address.lastIndexOf('@');
  const localPart = at < 0 ? address : address.slice(0, at);
  if (localPart === '' || localPart.includes('@')) return undefined;
  return { localPart, domain: at < 0 ? '' : address.slice(at + 1) };
}
