/**
 * Who a message is really for and from. The envelope decides what is a post, a command or a bounce, never the
 * header's `To:`, which the poster writes. mlmmj-receive without EXTENSION looks for commands in `To:` and `Cc:`:
 * it posts a command that was sent by Bcc to the whole list, and takes a post whose `To:` happens to name
 * `list+subscribe@` for a subscription. So what the envelope says is also told to it. (mlmmj 1.3.0 listens in lists
 * that have control/tocc; in others the list's address in `To:` or `Cc:` still makes any message a post.)
 */
import { ByteString } from '../host/files.ts';
import { AddressMatcher, asMlmmjSpellsIt, isBounceExtension } from '../list/address.ts';
import { List } from '../list/list.ts';
import { asciiLower } from '../mime/bytes.ts';
import { Source } from '../mime/source.ts';
import { printable } from '../printable.ts';
import { bareAddress } from './received-field.ts';
import { readTrace, Trace } from './trace-fields.ts';

/** What the mail system said besides the message; null where it said nothing. */
export class DeclaredEnvelope {
  constructor(
    /** `-s`, else the variable SENDER, which Postfix's local(8) and others set and mlmmj reads too. */
    readonly sender: ByteString | null,
    /** `-e`, else the variable EXTENSION. */
    readonly extension: ByteString | null,
  ) {}
}

export enum RecipientKind {
  /** An alias, perhaps: mlmmj is told nothing, and finds out as it always did. */
  Unknown,
  /** The list's plain address. */
  List,
  /** `list+extension@…`: a command or a bounce. */
  Extension,
}

export enum SenderKind {
  Unknown,
  Null,
  Address,
}

export class Envelope {
  constructor(
    readonly recipient: RecipientKind,
    /** In the case in which mlmmj knows it; '' but for RecipientKind.Extension, where it never is. */
    readonly extension: ByteString,
    readonly sender: SenderKind,
    /** '' but for SenderKind.Address. */
    readonly senderAddress: ByteString,
    /** What is to be added to mlmmj-receive's arguments, so that it judges as we do: a later option overrides one before it. */
    readonly additions: ByteString[],
  ) {}
}

/** What was declared counts; where something was not, the message's trace fields are read. */
export function readEnvelope(declared: DeclaredEnvelope, source: Source, list: List): Envelope {
  const isComplete = declared.sender !== null && declared.extension !== null;
  return judgeEnvelope(declared, isComplete ? new Trace([], null) : readTrace(source), list);
}

function judgeEnvelope(declared: DeclaredEnvelope, trace: Trace, list: List): Envelope {
  const found = declared.extension !== null ? declared.extension : extensionOfFirst(trace.recipients, list);
  const extension = found === null ? '' : asMlmmjSpellsIt(found);
  let recipient = RecipientKind.Unknown;
  if (found !== null) recipient = extension === '' ? RecipientKind.List : RecipientKind.Extension;

  const path = declared.sender !== null ? declared.sender : trace.returnPath;
  const address = path === null ? '' : bareAddress(path);
  let sender = SenderKind.Unknown;
  if (path !== null) sender = isNullSender(address) ? SenderKind.Null : SenderKind.Address;
  const senderAddress = sender === SenderKind.Address ? address : '';

  const additions: ByteString[] = [];
  if (found !== null && declared.extension !== extension) {
    additions.push('-e');
    additions.push(extension);
  }
  // MAILER-DAEMON given as the sender is corrected, too: with it mlmmj's guard against mail loops fails.
  const isNews = sender === SenderKind.Null ? declared.sender !== '' : declared.sender === null;
  if (sender !== SenderKind.Unknown && isNews) {
    additions.push('-s');
    additions.push(senderAddress);
  }
  return new Envelope(recipient, extension, sender, senderAddress, additions);
}

/**
 * Why a message goes through byte for byte, in words for the log; '' for a post.
 *
 * @param name what the list is called in the log
 */
export function passThroughReason(envelope: Envelope, name: ByteString, delimiter: ByteString): string {
  if (envelope.recipient === RecipientKind.Extension) {
    const address = printable(`${name}${delimiter}${envelope.extension}`, 60);
    if (isBounceExtension(envelope.extension)) return `${address} is a bounce address`;
    if (envelope.extension === 'owner') return `${address} is for the list's owner`;
    return `${address} is a command`;
  }
  return envelope.sender === SenderKind.Null ? 'null sender' : '';
}

/** QUIRK: pipe(8) writes MAILER-DAEMON for the null sender, unless `null_sender=` says otherwise. */
function isNullSender(address: ByteString): boolean {
  return address === '' || asciiLower(address) === 'mailer-daemon';
}

function extensionOfFirst(candidates: ByteString[], list: List): ByteString | null {
  const matcher = new AddressMatcher(list.addresses, list.delimiter);
  for (let i = 0; i < candidates.length; i++) {
    const extension = matcher.extensionOf(candidates[i]);
    if (extension !== null) return extension;
  }
  return null;
}
