import { withoutTrailingBlanks } from './bytes.ts';
import { parseStructured, type Structured } from './content-type.ts';
import { BOUNDARY_LIMIT } from './limits.ts';

/** What a part says of itself, as far as placing a footer needs it. */
export interface PartHeader {
  /** `text/plain`, `multipart/mixed`, …: lower case, and the default of RFC 2045 §5.2 where nothing usable stands. */
  readonly mediaType: string;
  readonly contentType: Structured | undefined;
  /** `7bit` where the field is missing. Lower case, whatever it says: see `isKnownEncoding`. */
  readonly transferEncoding: string;
  /** `inline`, `attachment`, another word, or '' where the field is missing. */
  readonly disposition: string;
  /** The file name in Content-Disposition, else the one in Content-Type, else ''. */
  readonly fileName: string;
  /** Content-ID without its angle brackets, or ''. */
  readonly contentId: string;
  /** For a multipart that can be looked into: its boundary, as latin1 characters. */
  readonly boundary: string | undefined;
  /** A field stands twice with different values, or was too long to read: readers disagree about such a part. */
  readonly contradictory: boolean;
  /** Text follows the fields with no blank line: some readers see it as content, others as header. */
  readonly runsIntoText: boolean;
  /** The blank line is there. Without it (a delimiter follows the fields) the part has no content to add to. */
  readonly separated: boolean;
}

export const KNOWN_ENCODINGS = ['7bit', '8bit', 'binary', 'quoted-printable', 'base64'] as const;
export type KnownEncoding = (typeof KNOWN_ENCODINGS)[number];

export function isKnownEncoding(name: string): name is KnownEncoding {
  return (KNOWN_ENCODINGS as readonly string[]).includes(name);
}

/** The fields that a PartHeader is made of; their values are collected while the header goes by. */
export function isUnderstood(name: string): boolean {
  return (
    name === 'content-type' ||
    name === 'content-transfer-encoding' ||
    name === 'content-disposition' ||
    name === 'content-id'
  );
}

/** Collects one part's header while it is scanned. */
export class PartHeaderBuilder {
  readonly #values = new Map<string, string>();
  /** Of those that came more than once: to unfold them with each of a thousand fields would take its time. */
  readonly #unfolded = new Map<string, string>();
  #contradictory = false;

  /** @param name of a field that isUnderstood; @param value its body behind the colon, latin1, still folded */
  add(name: string, value: string): void {
    const earlier = this.#values.get(name);
    if (earlier === undefined) this.#values.set(name, value);
    else if (!this.#contradictory) this.#compare(name, earlier, value);
  }

  #compare(name: string, earlier: string, value: string): void {
    const first = this.#unfolded.get(name) ?? unfolded(earlier);
    this.#unfolded.set(name, first);
    this.#contradictory = unfolded(value) !== first;
  }

  /** A field of this name was too long to hold. */
  addOverlong(name: string): void {
    if (isUnderstood(name)) this.#contradictory = true;
  }

  /** @param blankLine `missing` where body text follows the fields directly */
  build(defaultType: string, blankLine: 'present' | 'missing' | 'cut off'): PartHeader {
    const type = this.#values.get('content-type');
    const contentType = type === undefined ? undefined : parseStructured(type);
    const disposition = this.#values.get('content-disposition');
    const parsedDisposition = disposition === undefined ? undefined : parseStructured(disposition);
    const mediaType = mediaTypeOf(contentType, defaultType);
    return {
      mediaType,
      contentType,
      transferEncoding: transferEncodingOf(this.#values.get('content-transfer-encoding')),
      disposition: parsedDisposition?.value ?? '',
      fileName: parsedDisposition?.parameters.get('filename') || contentType?.parameters.get('name') || '',
      contentId: (this.#values.get('content-id') ?? '').trim().replace(/^<|>$/g, ''),
      boundary:
        mediaType.startsWith('multipart/') && !this.#contradictory ? boundaryOf(contentType) : undefined,
      contradictory: this.#contradictory,
      runsIntoText: blankLine === 'missing',
      separated: blankLine !== 'cut off',
    };
  }
}

/** A gateway that says a field again may fold it elsewhere. */
function unfolded(value: string): string {
  return value.replace(/\s+/g, ' ').trim();
}

/**
 * RFC 2045 §5.2: without a usable type the part is plain text. Old cron mail says `Content-Type: text`.
 *
 * QUIRK: scripts forget the semicolon, `text/html charset=utf-8`. Mail programs read the type as far as it goes; taken
 * for plain text, HTML would get its footer behind `</html>`, and a multipart would be encoded, its delimiters included.
 */
function mediaTypeOf(contentType: Structured | undefined, defaultType: string): string {
  if (contentType === undefined) return defaultType;
  return /^[^\s/,]+\/[^\s/,]+(?![^\s,])/.exec(contentType.value)?.[0] ?? 'text/plain';
}

function transferEncodingOf(raw: string | undefined): string {
  if (raw === undefined) return '7bit';
  return parseStructured(raw).value.replace(/^"|"$/g, '').trim() || '7bit';
}

/** An empty boundary would make every `-- ` signature line a delimiter; RFC 2046 §5.1.1 forbids it. */
function boundaryOf(contentType: Structured | undefined): string | undefined {
  const boundary = withoutTrailingBlanks(contentType?.parameters.get('boundary') ?? '');
  return boundary && boundary.length <= BOUNDARY_LIMIT ? boundary : undefined;
}
