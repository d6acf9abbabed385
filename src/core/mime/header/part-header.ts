// What a part says of itself, as far as placing a footer needs it.
import { bytesOf, DQUOTE, isWhiteSpace, latin1, NONE, trimmedEnd } from '../bytes.ts';
import { BOUNDARY_LIMIT } from '../limits.ts';
import { parseStructuredField, StructuredField } from './structured-field.ts';
import { TransferEncoding, transferEncodingOf } from '../encoding/transfer-encoding.ts';

export class PartHeader {
  constructor(
    /** `text/plain`, `multipart/mixed`, …: lower case, and the default of RFC 2045 §5.2 where nothing usable stands. */
    readonly mediaType: string,
    /** Lower case; '' where none is named. */
    readonly charset: string,
    readonly transferEncoding: TransferEncoding,
    /** `inline`, `attachment`, another word, or '' where the field is missing. */
    readonly disposition: string,
    readonly hasFileName: boolean,
    /** Of a multipart that can be looked into; else empty. */
    readonly boundary: Uint8Array,
    /** A field stands twice with different values, or was too long to read: readers disagree about such a part. */
    readonly contradictory: boolean,
  ) {}
}

/** Collects the fields of one header, and makes a PartHeader of them. */
export class PartHeaderBuilder {
  private readonly contentType: FieldValue = new FieldValue();
  private readonly transferEncoding: FieldValue = new FieldValue();
  private readonly disposition: FieldValue = new FieldValue();

  static isUnderstood(name: string): boolean {
    return name === 'content-type' || name === 'content-transfer-encoding' || name === 'content-disposition';
  }

  /** @param name of a field that isUnderstood, @param body its raw bytes behind the colon; null: too long to read */
  add(name: string, body: Uint8Array | null): void {
    if (name === 'content-type') this.contentType.add(body);
    else if (name === 'content-disposition') this.disposition.add(body);
    else this.transferEncoding.add(body);
  }

  /** @param defaultType the media type of a part without Content-Type */
  build(defaultType: string): PartHeader {
    const type = this.contentType.parse();
    const disposition = this.disposition.parse();
    const mediaType = this.contentType.isPresent ? usableType(type.value) : defaultType;
    const contradictory =
      this.contentType.contradictory || this.disposition.contradictory || this.transferEncoding.contradictory;
    const isReadable = mediaType.startsWith('multipart/') && !contradictory;
    return new PartHeader(
      mediaType,
      type.parameter('charset').toLowerCase(),
      transferEncodingOf(withoutQuotes(this.transferEncoding.parse().value)),
      disposition.value,
      disposition.parameter('filename') !== '' || type.parameter('name') !== '',
      isReadable ? usableBoundary(type.parameter('boundary')) : new Uint8Array(0),
      contradictory,
    );
  }
}

/** The body of a field that should stand once. */
class FieldValue {
  contradictory: boolean = false;
  private first: Uint8Array | null = null;

  get isPresent(): boolean {
    return this.first !== null;
  }

  add(body: Uint8Array | null): void {
    const first = this.first;
    if (body === null) this.contradictory = true;
    else if (first === null) this.first = body;
    else if (!this.contradictory) this.contradictory = !equalUnfolded(first, body);
  }

  parse(): StructuredField {
    const first = this.first;
    return parseStructuredField(first === null ? new Uint8Array(0) : first);
  }
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
 * RFC 2045 §5.2: without a usable type the part is plain text. Old cron mail says `Content-Type: text`.
 *
 * QUIRK: scripts forget the semicolon, `text/html charset=utf-8`. The type counts as far as it goes.
 */
function usableType(value: string): string {
  let end = 0;
  let slash = NONE;
  for (; end < value.length; end++) {
    const c = value.charCodeAt(end);
    if (isWhiteSpace(c) || c === 0x2c) break;
    if (c === 0x2f && slash >= 0) return 'text/plain';
    if (c === 0x2f) slash = end;
  }
  return slash > 0 && slash < end - 1 ? value.substring(0, end) : 'text/plain';
}

/** An empty boundary would make every `-- ` signature line a delimiter; RFC 2046 §5.1.1 forbids it. */
function usableBoundary(value: string): Uint8Array {
  const bytes = bytesOf(value);
  const end = trimmedEnd(bytes, 0, bytes.length);
  return end <= BOUNDARY_LIMIT ? bytes.subarray(0, end) : new Uint8Array(0);
}

function withoutQuotes(value: string): string {
  const bytes = bytesOf(value);
  const from = bytes.length > 0 && bytes[0] === DQUOTE ? 1 : 0;
  const to = bytes.length > from && bytes[bytes.length - 1] === DQUOTE ? bytes.length - 1 : bytes.length;
  return latin1(bytes, from, to).trim();
}

