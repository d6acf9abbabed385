// What a part says of itself, as far as placing a footer needs it.
import { ByteBuilder } from '../byte-builder.ts';
import {
  asciiLower,
  BACKSLASH,
  bytesOf,
  COMMA,
  DQUOTE,
  GREATER_THAN,
  isWhiteSpace,
  LESS_THAN,
  latin1,
  SLASH,
  trimmed,
  trimmedEnd,
} from '../bytes.ts';
import { TransferEncoding, transferEncodingOf } from '../encoding/transfer-encoding.ts';
import { BOUNDARY_LIMIT, KEPT_LIMIT } from '../limits.ts';
import { StructuredField } from './structured-field.ts';

/** What stands between a header and its content. */
export enum BlankLine {
  Present,
  /** Text follows the fields directly: some readers see it as content, others as header. */
  Missing,
  /** A delimiter or the message's end follows the fields: the part has no content to add to. */
  CutOff,
}

/** The fields that a PartHeader is made of. */
export enum FieldName {
  ContentType,
  ContentTransferEncoding,
  ContentDisposition,
  ContentId,
}

export class PartHeader {
  constructor(
    /**
     * `text/plain`, `multipart/mixed`, …: in lower case; the default of RFC 2045 §5.2 where the field is missing or
     * blank. Where `isTypeReadable` is false it is what stands there instead of a type: anything, or ''.
     */
    readonly mediaType: string,
    /** False where Content-Type names no type (`PDF`, `image/png/x`): readers guess, each its own way. */
    readonly isTypeReadable: boolean,
    private readonly contentType: StructuredField,
    readonly transferEncoding: TransferEncoding,
    /** `inline`, `attachment`, another word, or '' where the field is missing. */
    readonly disposition: string,
    /** The file name in Content-Disposition, else the one in Content-Type, else ''; characters U+0000 to U+00FF. */
    readonly fileName: string,
    /** Content-ID without its angle brackets, or ''. */
    readonly contentId: string,
    /** Not empty for what may be looked into: of a multipart, or with a type that cannot be read. */
    readonly boundary: Uint8Array,
    /** A field stands twice with different values, or was too long to read: readers disagree about such a part. */
    readonly contradictory: boolean,
    readonly blankLine: BlankLine,
  ) {}

  /** As the header spells it, in lower case; '' where none is named. */
  get charset(): string {
    return asciiLower(this.contentType.parameter('charset'));
  }

  /**
   * A parameter of Content-Type: characters U+0000 to U+00FF, '' where there is none.
   * @param name in lower case; in a long field only KEPT_PARAMETERS are found
   */
  parameter(name: string): string {
    return this.contentType.parameter(name);
  }

  /**
   * QUIRK: the header of a part whose boundary delimits something, whatever its type is called: devices have been seen to
   * send `multipart/multipart/mixed`, others nothing but the boundary. Readers show its parts.
   */
  asMixed(): PartHeader {
    return new PartHeader(
      'multipart/mixed',
      true,
      this.contentType,
      this.transferEncoding,
      this.disposition,
      this.fileName,
      this.contentId,
      this.boundary,
      this.contradictory,
      this.blankLine,
    );
  }
}

/** Collects the fields of one header after another, and makes a PartHeader of each. */
export class PartHeaderBuilder {
  private readonly contentType: FieldValue = new FieldValue();
  private readonly transferEncoding: FieldValue = new FieldValue();
  private readonly disposition: FieldValue = new FieldValue();
  private readonly contentId: FieldValue = new FieldValue();
  private isEmpty: boolean = true;
  /** Made once: in a message of a hundred thousand parts most headers may be empty. */
  private readonly emptyHeaders: Map<i32, PartHeader> = new Map<i32, PartHeader>();

  /** @param body the field's raw bytes after the colon, kept until the next header begins; null: too long to read */
  add(name: FieldName, body: Uint8Array | null): void {
    this.isEmpty = false;
    switch (name) {
      case FieldName.ContentType:
        this.contentType.add(body);
        break;
      case FieldName.ContentTransferEncoding:
        this.transferEncoding.add(body);
        break;
      case FieldName.ContentDisposition:
        this.disposition.add(body);
        break;
      default:
        this.contentId.add(body);
    }
  }

  /**
   * Makes the header of the fields that were added, and forgets them.
   * @param isInDigest RFC 2046 §5.1.5: the parts of a digest are messages unless they say otherwise
   */
  build(isInDigest: boolean, blankLine: BlankLine): PartHeader {
    if (!this.isEmpty) return this.make(isInDigest, blankLine);
    const key: i32 = 2 * blankLine + (isInDigest ? 1 : 0);
    if (!this.emptyHeaders.has(key)) this.emptyHeaders.set(key, this.make(isInDigest, blankLine));
    return this.emptyHeaders.get(key)!;
  }

  private make(isInDigest: boolean, blankLine: BlankLine): PartHeader {
    const type = parsed(this.contentType);
    const disposition = parsed(this.disposition);
    const contradictory = this.isContradictory();
    const defaultType = isInDigest ? 'message/rfc822' : 'text/plain';
    const mediaType = type.isBlank ? defaultType : mediaTypeOf(type.value);
    const isReadable = mediaType !== '';
    const mayHaveParts = !contradictory && (!isReadable || mediaType.startsWith('multipart/'));
    const fileName = disposition.parameter('filename');
    const header = new PartHeader(
      firstOf(isReadable ? mediaType : type.value),
      isReadable,
      kept(type),
      transferEncodingOf(withoutQuotes(parsed(this.transferEncoding).value)),
      firstOf(disposition.value),
      lastOf(fileName !== '' ? fileName : type.parameter('name')),
      firstOf(withoutAngleBrackets(this.contentId.text())),
      mayHaveParts ? usableBoundary(type.parameter('boundary')) : NO_BYTES,
      contradictory,
      blankLine,
    );
    this.clear();
    return header;
  }

  private isContradictory(): boolean {
    if (this.contentType.contradictory || this.disposition.contradictory) return true;
    return this.transferEncoding.contradictory || this.contentId.contradictory;
  }

  private clear(): void {
    this.isEmpty = true;
    this.contentType.clear();
    this.transferEncoding.clear();
    this.disposition.clear();
    this.contentId.clear();
  }
}

/** The body of a field that should stand once. */
class FieldValue {
  contradictory: boolean = false;
  body: Uint8Array | null = null;

  add(body: Uint8Array | null): void {
    const first = this.body;
    if (body === null) this.contradictory = true;
    else if (first === null) this.body = body;
    else if (!this.contradictory) this.contradictory = !equalUnfolded(first, body);
  }

  text(): string {
    const body = this.body;
    return body === null ? '' : latin1(body, 0, body.length);
  }

  clear(): void {
    this.contradictory = false;
    this.body = null;
  }
}

function parsed(field: FieldValue): StructuredField {
  const body = field.body;
  return new StructuredField(body === null ? NO_BYTES : body);
}

/** Whether two bodies differ in nothing but white space: a gateway that says a field again may fold it elsewhere. */
function equalUnfolded(a: Uint8Array, b: Uint8Array): boolean {
  let i = afterWhiteSpace(a, 0);
  let k = afterWhiteSpace(b, 0);
  while (i < a.length && k < b.length) {
    if (isWhiteSpace(a[i]) !== isWhiteSpace(b[k])) break;
    if (isWhiteSpace(a[i])) {
      i = afterWhiteSpace(a, i);
      k = afterWhiteSpace(b, k);
    } else if (a[i++] !== b[k++]) return false;
  }
  return afterWhiteSpace(a, i) === a.length && afterWhiteSpace(b, k) === b.length;
}

function afterWhiteSpace(bytes: Uint8Array, from: i32): i32 {
  let at = from;
  while (at < bytes.length && isWhiteSpace(bytes[at])) at++;
  return at;
}

/**
 * The type that a field's value begins with, or '' where it names none.
 *
 * RFC 822 §3.1.4 allows blanks around the slash. QUIRK: scripts forget the semicolon, `text/html charset=utf-8`. Mail
 * programs read the type as far as it goes. QUIRK: cron and other programs older than MIME (RFC 1049) say `text`.
 */
function mediaTypeOf(value: string): string {
  if (value === 'text') return 'text/plain';
  const typeEnd = endOfToken(value, 0);
  const slash = afterBlanks(value, typeEnd);
  if (typeEnd === 0 || slash === value.length || value.charCodeAt(slash) !== SLASH) return '';
  const subtype = afterBlanks(value, slash + 1);
  const end = endOfToken(value, subtype);
  if (end === subtype || (end < value.length && value.charCodeAt(end) === SLASH)) return '';
  return subtype === typeEnd + 1
    ? value.substring(0, end)
    : `${value.substring(0, typeEnd)}/${value.substring(subtype, end)}`;
}

function endOfToken(value: string, from: i32): i32 {
  let end = from;
  while (end < value.length && isInToken(value.charCodeAt(end))) end++;
  return end;
}

function isInToken(code: i32): boolean {
  return code !== SLASH && code !== COMMA && !isWhiteSpace(code);
}

function afterBlanks(value: string, from: i32): i32 {
  let at = from;
  while (at < value.length && isWhiteSpace(value.charCodeAt(at))) at++;
  return at;
}

const NO_BYTES: Uint8Array = new Uint8Array(0);

/** An empty boundary would make every `-- ` signature line a delimiter; RFC 2046 §5.1.1 forbids it. */
function usableBoundary(value: string): Uint8Array {
  const bytes = bytesOf(value);
  const end = trimmedEnd(bytes, 0, bytes.length);
  return end <= BOUNDARY_LIMIT ? bytes.slice(0, end) : NO_BYTES;
}

/** QUIRK: `"7bit"`, quoted as a parameter may be. */
function withoutQuotes(value: string): string {
  const from = value.length > 0 && value.charCodeAt(0) === DQUOTE ? 1 : 0;
  const to =
    value.length > from && value.charCodeAt(value.length - 1) === DQUOTE ? value.length - 1 : value.length;
  return trimmed(value.substring(from, to));
}

function withoutAngleBrackets(value: string): string {
  const text = trimmed(value);
  const from = text.length > 0 && text.charCodeAt(0) === LESS_THAN ? 1 : 0;
  const to =
    text.length > from && text.charCodeAt(text.length - 1) === GREATER_THAN ? text.length - 1 : text.length;
  return text.substring(from, to);
}

// What is kept of a header is small, however long its fields are: a hundred multiparts may be open, and as many texts chosen.

/** What is asked of Content-Type after the header has been read. */
const KEPT_PARAMETERS: StaticArray<string> = ['charset', 'format', 'delsp', 'start', 'type', 'name'];

/** The field, or if it is long one with no more than the parameters that are asked for. */
function kept(field: StructuredField): StructuredField {
  if (field.length <= KEPT_LIMIT) return field;
  const body = new ByteBuilder();
  for (let i = 0; i < KEPT_PARAMETERS.length; i++) {
    const value = firstOf(field.parameter(KEPT_PARAMETERS[i]));
    if (value === '') continue;
    body.addText(`;${KEPT_PARAMETERS[i]}="`);
    for (let k = 0; k < value.length; k++) {
      body.add(BACKSLASH);
      body.add(value.charCodeAt(k));
    }
    body.add(DQUOTE);
  }
  return new StructuredField(body.bytes());
}

function firstOf(value: string): string {
  return value.length > KEPT_LIMIT ? value.substring(0, KEPT_LIMIT) : value;
}

/** Of a file name the end counts: its extension. */
function lastOf(value: string): string {
  return value.length > KEPT_LIMIT ? value.substring(value.length - KEPT_LIMIT) : value;
}
