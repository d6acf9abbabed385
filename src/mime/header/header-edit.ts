/**
 * Changes of a part's header: what a text that gets other characters has to say of itself, and which fields move when a
 * multipart is put around the part. The header is read again from the message; nothing of it was kept.
 */
import { BufferSource } from '../buffer-source.ts';
import { ByteBuilder } from '../byte-builder.ts';
import { asciiLower, bytesOf } from '../bytes.ts';
import { Edit } from '../edit.ts';
import { TransferEncoding } from '../encoding/transfer-encoding.ts';
import {
  EDITED_FIELD_LIMIT,
  EDITED_HEADER_LIMIT,
  EDITED_PARAMETER_LIMIT,
  FIELD_RANGE_LIMIT,
} from '../limits.ts';
import { Part } from '../part.ts';
import { Scanner } from '../scanner.ts';
import { TokenKind } from '../token.ts';
import { Window } from '../window.ts';
import { withCharset, withValue } from './field-edit.ts';
import { HeaderFields } from './header-fields.ts';
import { BlankLine, PartHeader } from './part-header.ts';
import { StructuredField } from './structured-field.ts';

/** What a part's header is to say after the change. */
export class HeaderChanges {
  constructor(
    /** Printable ASCII without specials, as in `utf-8`; '' leaves it as it is. */
    readonly charset: string,
    /** Unknown leaves it as it is. */
    readonly transferEncoding: TransferEncoding,
  ) {}
}

/**
 * Edits that make a header say what it is to say; fields that are missing are added at its end, and MIME-Version with them
 * in a root without it: readers may ignore Content-* fields there (RFC 2045 §4).
 *
 * The edited header is read back with the reader that read the one which came: if it does not say exactly what it should,
 * other readers would not find it either.
 * @param window not the scanner's
 * @param lineEnd the message's
 * @returns in the order of the message, none where nothing has to change; null where the header cannot be changed: readers
 *   disagree about it (it is contradictory, or runs into the content), a field that has to change is too long or names no
 *   type, or the change would not be found
 */
export function editHeader(
  window: Window,
  part: Part,
  changes: HeaderChanges,
  lineEnd: string,
): Edit[] | null {
  const header = part.header!;
  if (header.contradictory || !header.isTypeReadable || !canBeRead(part)) return null;
  const editor = new HeaderEditor(window, part, changes, lineEnd);
  if (!editor.edit()) return null;
  return says(editor.readBack(), header, changes) ? editor.edits : null;
}

/** Where the fields of a header stand that describe the content (RFC 2045 §3): all offsets are into the message. */
export class ContentFields {
  /** Ranges of such fields, in their order; neighbours are one range. */
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  hasMimeVersion: boolean = false;
  /** Where the last field ends and the blank line begins. */
  end: number = 0;
}

/**
 * What moves into the new part when a multipart is put around a part.
 * @param window not the scanner's
 * @returns null where the header has no blank line, or is too large
 */
export function readContentFields(window: Window, part: Part): ContentFields | null {
  if (!canBeRead(part)) return null;
  const found = new ContentFields();
  const fields = new HeaderFields(window, part.headerStart, part.bodyStart);
  while (fields.advance()) {
    if (fields.is('mime-version')) found.hasMimeVersion = true;
    if (!fields.begins('content-')) continue;
    const last = found.ends.length - 1;
    if (last >= 0 && found.ends[last] === fields.start) found.ends[last] = fields.end;
    else {
      if (last + 1 === FIELD_RANGE_LIMIT) return null;
      found.starts.push(fields.start);
      found.ends.push(fields.end);
    }
  }
  found.end = fields.end;
  return endsInBlankLine(fields, part) && !window.failed ? found : null;
}

function canBeRead(part: Part): boolean {
  return (
    part.header!.blankLine === BlankLine.Present && part.bodyStart - part.headerStart <= EDITED_HEADER_LIMIT
  );
}

/** Whether the fields end where the part's blank line begins: they do not where the source cannot be read. */
function endsInBlankLine(fields: HeaderFields, part: Part): boolean {
  return fields.end < part.bodyStart && part.bodyStart - fields.end <= 2;
}

/** Goes through a header once, and makes both the edits and the header that they lead to. */
class HeaderEditor {
  readonly edits: Edit[] = [];
  /** The edited header, as far as a PartHeader is made of it. */
  private readonly edited: ByteBuilder = new ByteBuilder();
  private readonly fields: HeaderFields;
  private readonly encoding: string;
  private count: i32 = 0;
  private hasType: boolean = false;
  private hasEncoding: boolean = false;
  private hasMimeVersion: boolean = false;

  constructor(
    private readonly window: Window,
    private readonly part: Part,
    private readonly changes: HeaderChanges,
    private readonly lineEnd: string,
  ) {
    this.fields = new HeaderFields(window, part.headerStart, part.bodyStart);
    this.encoding = nameOf(changes.transferEncoding);
  }

  /** @returns false where some field cannot be changed */
  edit(): boolean {
    const fields = this.fields;
    while (fields.advance()) {
      if (fields.is('mime-version')) this.hasMimeVersion = true;
      if (!fields.begins('content-')) continue;
      const isType = fields.is('content-type');
      const isEncoding = fields.is('content-transfer-encoding');
      if (!isType && !isEncoding && !fields.is('content-disposition') && !fields.is('content-id')) continue;
      if (fields.isTooLong || ++this.count > EDITED_FIELD_LIMIT) return false;
      this.hasType = this.hasType || isType;
      this.hasEncoding = this.hasEncoding || isEncoding;
      if (!this.editField(isType, isEncoding)) return false;
    }
    if (!endsInBlankLine(fields, this.part) || this.window.failed) return false;
    this.addMissing();
    return true;
  }

  private editField(isType: boolean, isEncoding: boolean): boolean {
    const fields = this.fields;
    const came = fields.bytes();
    const colon = i32(fields.colon - fields.start);
    const setsCharset = isType && this.changes.charset !== '';
    let wanted: Uint8Array | null = came;
    if (setsCharset) wanted = withCharset(came, colon, this.changes.charset, this.lineEnd);
    else if (isEncoding && this.encoding !== '') wanted = withValue(came, colon, this.encoding);
    if (wanted === null) return false;
    if (setsCharset && !keepsParameters(wanted.subarray(colon + 1), came.subarray(colon + 1))) return false;
    this.edited.addBytes(wanted);
    this.replace(fields.start, came, wanted);
    return true;
  }

  /** Only the bytes that differ are in the edit. */
  private replace(start: number, came: Uint8Array, wanted: Uint8Array): void {
    const shorter = min(came.length, wanted.length);
    let before = 0;
    while (before < shorter && came[before] === wanted[before]) before++;
    if (before === came.length && before === wanted.length) return;
    let after = 0;
    while (after < shorter - before && came[came.length - 1 - after] === wanted[wanted.length - 1 - after]) {
      after++;
    }
    const inserted = wanted.slice(before, wanted.length - after);
    this.edits.push(new Edit(start + before, start + came.length - after, inserted));
  }

  private addMissing(): void {
    const changes = this.changes;
    const addsType = changes.charset !== '' && !this.hasType;
    const addsEncoding = this.encoding !== '' && !this.hasEncoding;
    if (this.edits.length === 0 && !addsType && !addsEncoding) return;
    const isRoot = this.part.parent === null;
    let added = isRoot && !this.hasMimeVersion ? `MIME-Version: 1.0${this.lineEnd}` : '';
    if (addsType) added += `Content-Type: text/plain; charset=${changes.charset}${this.lineEnd}`;
    if (addsEncoding) added += `Content-Transfer-Encoding: ${this.encoding}${this.lineEnd}`;
    if (added === '') return;
    const bytes = bytesOf(added);
    this.edited.addBytes(bytes);
    this.edits.push(new Edit(this.fields.end, this.fields.end, bytes));
  }

  /** What the scanner finds in the edited header; null where it does not take all of it for one. */
  readBack(): PartHeader | null {
    this.edited.addText(this.lineEnd);
    const bytes = this.edited.bytes();
    const scanner = new Scanner(new Window(new BufferSource(bytes), bytes.length));
    while (scanner.advance()) {
      if (scanner.kind !== TokenKind.HeaderEnd) continue;
      return scanner.end === bytes.length ? scanner.part.header : null;
    }
    return null;
  }
}

function nameOf(encoding: TransferEncoding): string {
  switch (encoding) {
    case TransferEncoding.SevenBit:
      return '7bit';
    case TransferEncoding.EightBit:
      return '8bit';
    case TransferEncoding.Binary:
      return 'binary';
    case TransferEncoding.QuotedPrintable:
      return 'quoted-printable';
    case TransferEncoding.Base64:
      return 'base64';
    default:
      return '';
  }
}

/** Whether an edited header says what the one before it said, but for the changes. */
function says(edited: PartHeader | null, before: PartHeader, changes: HeaderChanges): boolean {
  if (edited === null || edited.contradictory || edited.blankLine !== BlankLine.Present) return false;
  if (!edited.isTypeReadable || edited.mediaType !== before.mediaType) return false;
  if (edited.disposition !== before.disposition || edited.fileName !== before.fileName) return false;
  if (edited.contentId !== before.contentId) return false;
  const charset = changes.charset === '' ? before.charset : asciiLower(changes.charset);
  const isLeft = changes.transferEncoding === TransferEncoding.Unknown;
  const encoding = isLeft ? before.transferEncoding : changes.transferEncoding;
  return edited.charset === charset && edited.transferEncoding === encoding;
}

/** Whether the body of an edited field has the parameters that it had before, but for the charset. */
function keepsParameters(editedBody: Uint8Array, bodyBefore: Uint8Array): boolean {
  const edited = new StructuredField(editedBody);
  const before = new StructuredField(bodyBefore);
  const names = before.parameterNames(EDITED_PARAMETER_LIMIT);
  if (names.length === EDITED_PARAMETER_LIMIT) return false;
  const count = countWithoutCharset(edited.parameterNames(EDITED_PARAMETER_LIMIT));
  if (countWithoutCharset(names) !== count) return false;
  for (let i = 0; i < names.length; i++) {
    if (names[i] !== 'charset' && edited.parameter(names[i]) !== before.parameter(names[i])) return false;
  }
  return true;
}

function countWithoutCharset(names: string[]): i32 {
  let count = 0;
  for (let i = 0; i < names.length; i++) if (names[i] !== 'charset') count++;
  return count;
}
