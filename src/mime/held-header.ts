import { fromLatin1 } from './bytes.ts';
import { withCharset, withValue } from './header-edit.ts';
import type { PartHeader } from './part-header.ts';

/** A header field as it came. `name` is lower case. */
export interface HeldField {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What a changed part has to say of itself. */
export interface HeaderChanges {
  readonly charset?: string;
  readonly transferEncoding?: string;
}

/** A part's header that has not gone out yet, or no longer can be changed. */
export class HeldHeader {
  readonly part: PartHeader;
  readonly fields: readonly HeldField[];
  readonly blankLine: Uint8Array;
  /** The message's line end, as this header has it. */
  readonly eol: string;
  /** All the fields that would change are held, and readers agree on what they say. */
  readonly canChange: boolean;
  readonly #needsMimeVersion: boolean;

  /**
   * @param fields from the first `Content-*` field on; those before it have gone out
   * @param needsMimeVersion a root without that field: readers may ignore its `Content-*` fields (RFC 2045 §4)
   */
  constructor(
    part: PartHeader,
    fields: readonly HeldField[],
    blankLine: Uint8Array,
    state: { eol: string; canChange: boolean; needsMimeVersion: boolean },
  ) {
    this.part = part;
    this.fields = fields;
    this.blankLine = blankLine;
    this.eol = state.eol;
    this.canChange = state.canChange;
    this.#needsMimeVersion = state.needsMimeVersion;
  }

  /** The header as it came. */
  get bytes(): Uint8Array {
    return Buffer.concat([...this.fields.map((field) => field.bytes), this.blankLine]);
  }

  /** The header with new values; fields that are missing are added at its end. */
  changed(changes: HeaderChanges): Uint8Array {
    const { charset, transferEncoding } = changes;
    const fields = this.fields.map(({ name, bytes }) => {
      if (name === 'content-type' && charset) return withCharset(bytes, charset, this.eol);
      if (name === 'content-transfer-encoding' && transferEncoding)
        return withValue(bytes, transferEncoding, this.eol);
      return bytes;
    });
    const added: string[] = [];
    if (this.#needsMimeVersion) added.push('MIME-Version: 1.0');
    if (charset && !this.#has('content-type')) added.push(`Content-Type: text/plain; charset=${charset}`);
    if (transferEncoding && !this.#has('content-transfer-encoding')) {
      added.push(`Content-Transfer-Encoding: ${transferEncoding}`);
    }
    const newFields = fromLatin1(added.map((line) => line + this.eol).join(''));
    return Buffer.concat([...fields, newFields, this.blankLine]);
  }

  /**
   * The header as that of a multipart around the part: fields that describe the content (RFC 2045 §3) go inside,
   * the rest stays outside, every one byte for byte. What is around 8-bit content has to say that it holds some (§6.4).
   * @param contentType the new field's value
   */
  wrapped(contentType: string, boundary: string): Uint8Array {
    const isContentField = (field: HeldField) => field.name.startsWith('content-');
    const outside = this.fields.filter((field) => !isContentField(field));
    const inside = this.fields.filter(isContentField);
    const added = [`Content-Type: ${contentType}`];
    if (this.#needsMimeVersion) added.unshift('MIME-Version: 1.0');
    const { transferEncoding } = this.part;
    if (/^(?:8bit|binary)$/.test(transferEncoding))
      added.push(`Content-Transfer-Encoding: ${transferEncoding}`);
    const between = [...added, '', `--${boundary}`, ''].join(this.eol);
    return Buffer.concat([
      ...outside.map((field) => field.bytes),
      fromLatin1(between),
      ...inside.map((field) => field.bytes),
      this.blankLine,
    ]);
  }

  #has(name: string): boolean {
    return this.fields.some((field) => field.name === name);
  }
}
