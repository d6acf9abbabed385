/**
 * Who a message is really for and from. The envelope decides what is a post, a command or a bounce, never the
 * header's `To:`, which the poster writes. mlmmj-receive without EXTENSION looks for commands in `To:` and `Cc:`:
 * it posts a command that was sent by Bcc to the whole list, and takes a post whose `To:` happens to name
 * `list+subscribe@` for a subscription. So what the envelope says is also told to it. (mlmmj 1.3.0 listens in lists
 * that have control/tocc; in others the list's address in `To:` or `Cc:` still makes any message a post.)
 *
 * Pure. Matching folds ASCII case only; an address that is no valid UTF-8 counts as unknown, because it could not
 * be handed on as it is.
 */
import { folded } from '../list/ascii-case.ts';
import { asMlmmjSpellsIt, BOUNCES } from '../list/extension.ts';

export type Recipient =
  /** The list's plain address. */
  | { readonly kind: 'list' }
  /** `list+extension@…`: a command or a bounce. Never empty; in the case in which mlmmj knows it. */
  | { readonly kind: 'extension'; readonly extension: string }
  | { readonly kind: 'unknown' };

export type Sender =
  | { readonly kind: 'null' }
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'unknown' };

export interface Envelope {
  readonly recipient: Recipient;
  readonly sender: Sender;
  /** What is to be added to mlmmj-receive's arguments, so that it judges as we do. */
  readonly additions: readonly string[];
}

/** What the mail system told besides the message; `undefined` where it did not. */
export interface Told {
  /** `-s` */
  readonly sender: string | undefined;
  /** `-e` */
  readonly extension: string | undefined;
  /** Variables that Postfix's local(8) and others set, and that mlmmj reads too. */
  readonly environment: { readonly SENDER?: string | undefined; readonly EXTENSION?: string | undefined };
}

export interface ListAddresses {
  readonly addresses: readonly string[];
  readonly delimiter: string;
}

/**
 * @param head the beginning of the message, cut anywhere: as much as `headTellsEnvelope` asked for, or all there is
 */
export function readEnvelope(told: Told, head: Uint8Array, list: ListAddresses): Envelope {
  const trace = readTrace(decoded(head));
  const toldExtension = told.extension ?? told.environment.EXTENSION;
  const toldSender = told.sender ?? told.environment.SENDER;
  const recipient =
    toldExtension === undefined ? firstOfTheList(trace.recipients, list) : recipientOf(toldExtension);
  const sender = senderOf(toldSender ?? trace.returnPath);
  const additions: string[] = [];
  const extension = recipient.kind === 'extension' ? recipient.extension : '';
  // A later option overrides what the caller gave.
  if (recipient.kind !== 'unknown' && extension !== toldExtension) additions.push('-e', extension);
  // pipe(8) writes MAILER-DAEMON for the null sender (its `null_sender=`), and with that mlmmj's guard against mail
  // loops fails.
  if (sender.kind === 'null' && toldSender !== '') additions.push('-s', '');
  else if (sender.kind === 'address' && toldSender === undefined) additions.push('-s', sender.address);
  return { recipient, sender, additions };
}

/**
 * Why a message goes through byte for byte, in words for the log; `undefined` for a post.
 *
 * @param name what the list is called in the log: the local part of its address, or its directory's name
 */
export function passThroughReason(envelope: Envelope, name: string, delimiter: string): string | undefined {
  const { recipient, sender } = envelope;
  if (recipient.kind === 'extension') {
    const address = shown(`${name}${delimiter}${recipient.extension}`);
    if (recipient.extension.startsWith(BOUNCES)) return `${address} is a bounce address`;
    if (recipient.extension === 'owner') return `${address} is for the list's owner`;
    return `${address} is a command`;
  }
  if (sender.kind === 'null') return 'null sender';
  return undefined;
}

/** Whether `head`, the beginning of a message, already holds all that `readEnvelope` looks at. */
export function headTellsEnvelope(head: Uint8Array): boolean {
  for (const field of fields(decoded(head))) {
    if (!field.complete) return false;
    if (field.name === 'received' || field.name === '') return true;
  }
  return false;
}

interface Trace {
  /** Addresses that the mail system says this copy is for, most telling first. */
  readonly recipients: readonly string[];
  readonly returnPath: string | undefined;
}

/**
 * Reads what the local mail system put on top of the message: all of it stands above the topmost `Received:`, or is
 * that line. Everything below came with the message, and the poster could have written it.
 *
 * A message without any `Received:` came through no mail system; of that one, only an unbroken run of the fields
 * that pipe(8) writes at the very top is believed.
 */
function readTrace(head: string): Trace {
  const deliveredTo: string[] = [];
  const originalTo: string[] = [];
  const receivedFor: string[] = [];
  let returnPath: string | undefined;
  let foreign = false;
  let unsure: (() => void)[] = [];
  for (const { name, value, complete } of fields(head)) {
    if (!complete || name === '') break;
    if (name === 'received') {
      receivedFor.push(...forClause(value));
      for (const accept of unsure) accept();
      unsure = [];
      break;
    }
    const accept = {
      'return-path': () => {
        if (!value.includes(REPLACEMENT)) returnPath ??= bareAddress(value);
      },
      'delivered-to': () => deliveredTo.push(bareAddress(value)),
      'x-original-to': () => originalTo.push(bareAddress(value)),
    }[name];
    if (accept === undefined) foreign = true;
    else if (foreign) unsure.push(accept);
    else accept();
  }
  // Delivered-To is the envelope recipient itself; X-Original-To what it was before aliases were expanded.
  return { recipients: [...deliveredTo, ...originalTo, ...receivedFor], returnPath };
}

interface Field {
  /** Lower case; '' for the end of the header (an empty line, or a line that is no header field). */
  readonly name: string;
  readonly value: string;
  /** False for the last one where the head is cut inside it, or where a folded line could still follow. */
  readonly complete: boolean;
}

/** The header fields in order, unfolded (RFC 5322, section 2.2.3); lines end in LF or CRLF. */
function* fields(head: string): Generator<Field> {
  let at = 0;
  // mbox's separator line, which files and some delivery agents put before the header.
  if (/^>?From /.test(head)) at = afterLine(head, 0);
  while (at < head.length) {
    let end = afterLine(head, at);
    while (head[end] === ' ' || head[end] === '\t') end = afterLine(head, end);
    // Only what stands after a line tells that the field does not go on.
    const complete = end < head.length;
    const text = head.slice(at, end).replace(/\r?\n/g, '');
    const match = /^([!-9;-~]+)[ \t]*:(.*)$/s.exec(text);
    if (match === null) {
      yield { name: '', value: '', complete: head[end - 1] === '\n' };
      return;
    }
    yield { name: match[1]!.toLowerCase(), value: match[2]!, complete };
    at = end;
  }
}

/** The offset behind the line that begins at `from`; the end of the text where it is cut. */
function afterLine(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  return newline < 0 ? text.length : newline + 1;
}

/**
 * The address of a `Received:` field's `for` clause (RFC 5321, section 4.4), which Postfix writes for a message with
 * one recipient. It stands behind `by`; what stands before, the client's greeting, is the client's to choose, and it
 * may hold blanks, parentheses, and a `by` and a `for` of its own. So the last `by` counts that is not in a comment,
 * nor in the recipient's quotes.
 */
function forClause(value: string): string[] {
  const tails = [...value.matchAll(/(?:^|\s)by\s/gi)].slice(-BY_LIMIT).map(({ index }) => value.slice(index));
  for (const tail of tails.reverse()) {
    const clauses = withoutComments(tail)?.replace(/;[^;]*$/, '');
    if (clauses === undefined) continue;
    const match = FOR.exec(clauses);
    return match === null ? [] : [(match[1] ?? match[2])!.trim()];
  }
  return [];
}

/** Quoted strings may hold brackets of their own (RFC 5321, section 4.1.2). */
const ANGLE_ADDRESS = String.raw`<((?:"(?:[^"\\]|\\.)*"|[^"<>])*)>`;
const FOR = new RegExp(`\\sfor\\s+(?:${ANGLE_ADDRESS}|([^\\s<>;]+))`, 'i');

/** Comments with a `by` in them are few; a field with more is no mail system's. */
const BY_LIMIT = 4;

/**
 * Comments in parentheses nest (RFC 5322, section 3.2.2); in a quoted string they are none. `undefined` where the text
 * begins inside of either.
 */
function withoutComments(text: string): string | undefined {
  let depth = 0;
  let kept = '';
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '\\') {
      if (depth === 0 && !quoted) return undefined;
      if (quoted) kept += character + (text[at + 1] ?? '');
      at++;
    } else if (quoted || (character === '"' && depth === 0)) {
      if (character === '"') quoted = !quoted;
      kept += character;
    } else if (character === '(') depth++;
    else if (character === ')') {
      if (depth === 0) return undefined;
      depth--;
    } else if (depth === 0) kept += character;
  }
  return quoted ? undefined : kept;
}

const PATH = new RegExp(`^${ANGLE_ADDRESS}(?=\\s|$)`);

function bareAddress(value: string): string {
  const trimmed = value.trim();
  const angle = PATH.exec(trimmed);
  return angle === null ? trimmed : angle[1]!.trim();
}

const REPLACEMENT = '\ufffd';

function senderOf(sender: string | undefined): Sender {
  if (sender === undefined) return { kind: 'unknown' };
  const address = bareAddress(sender);
  if (address === '' || folded(address) === 'mailer-daemon') return { kind: 'null' };
  return { kind: 'address', address };
}

function recipientOf(extension: string): Recipient {
  return extension === '' ? { kind: 'list' } : { kind: 'extension', extension: asMlmmjSpellsIt(extension) };
}

function firstOfTheList(candidates: readonly string[], list: ListAddresses): Recipient {
  for (const candidate of candidates) {
    const extension = candidate.includes(REPLACEMENT) ? undefined : extensionOf(candidate, list);
    if (extension !== undefined) return recipientOf(extension);
  }
  // An alias, perhaps: mlmmj is told nothing, and finds out as it always did.
  return { kind: 'unknown' };
}

/**
 * The extension with which an address is the list's, '' for its plain address, `undefined` where it is not the
 * list's. X-Original-To keeps the case as the sender typed it. A list whose own name holds the delimiter is found
 * before a list with a shorter name.
 */
function extensionOf(address: string, list: ListAddresses): string | undefined {
  const [written, domain] = splitAddress(address);
  const local = withoutQuotes(written);
  let found: string | undefined;
  for (const own of list.addresses) {
    const [name, ownDomain] = splitAddress(own.trim());
    if (folded(domain) !== folded(ownDomain) || name === '') continue;
    if (folded(local) === folded(name)) return '';
    const stem = name + list.delimiter;
    if (!folded(local).startsWith(folded(stem))) continue;
    const extension = local.slice(stem.length);
    if (found === undefined || extension.length < found.length) found = extension;
  }
  return found;
}

function splitAddress(address: string): [local: string, domain: string] {
  const at = address.lastIndexOf('@');
  return at < 0 ? [address, ''] : [address.slice(0, at), address.slice(at + 1)];
}

/** Quotes do not make it another mailbox (RFC 5321, section 4.1.2). */
function withoutQuotes(local: string): string {
  return /^".*"$/s.test(local) ? local.slice(1, -1).replace(/\\(.)/gs, '$1') : local;
}

/** Text from the message, as it may stand in a log line. */
function shown(text: string): string {
  const printable = text.replace(/[^!-~]/g, '?');
  return printable.length > 60 ? `${printable.slice(0, 57)}...` : printable;
}

/** Addresses may be UTF-8 (RFC 6532), and that is what arguments are encoded in again. */
function decoded(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
