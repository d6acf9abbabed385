/** What a list says where there is a choice (`amime-signed`, `amime-attachment-only`). */
export interface PlacementWishes {
  readonly signed: 'skip' | 'wrap';
  readonly attachmentOnly: 'part' | 'skip';
}

/** What should become of a message, in the design's words. Part numbers are IMAP's and count in the *input*. */
export interface Placement {
  /** The leaves that carry the footer at the end; `none` where no existing part is touched. */
  readonly footer: readonly FooterPlace[] | 'none';
  /** The whole message becomes the first part of a new `multipart/mixed`, the footer the second. */
  readonly wrapped: boolean;
  /** The footer as an inline text part of its own, after this part; `2.0` is in front of `2.1`. */
  readonly ownPart: { readonly after: string } | null;
}

export interface FooterPlace {
  readonly part: string;
  readonly kind: 'text' | 'html';
}

export interface Expectation extends Placement {
  /** The rule, in a sentence. */
  readonly why: string;
  /** Other readings of the rules that are as good: the first complaint is about the main one. */
  readonly alsoFine?: readonly Placement[];
  /** `ascii`: the author's charset is uncertain, so a footer in transliteration is right, too. */
  readonly characters?: 'exact' | 'ascii';
  /** Broken MIME that readers take apart in different ways: only the bytes are judged, not the tree. */
  readonly loose?: boolean;
  /** For signed mail and mail without text: what the list wished. The defaults are `skip` and `part`. */
  readonly wishes?: Partial<PlacementWishes>;
}

export const DEFAULT_WISHES: PlacementWishes = { signed: 'skip', attachmentOnly: 'part' };

export const NOTHING: Placement = { footer: 'none', wrapped: false, ownPart: null };

export function inParts(...places: readonly (readonly [part: string, kind: 'text' | 'html'])[]): Placement {
  return { footer: places.map(([part, kind]) => ({ part, kind })), wrapped: false, ownPart: null };
}

export function asOwnPart(after: string): Placement {
  return { footer: 'none', wrapped: false, ownPart: { after } };
}

export const WRAPPED: Placement = { footer: 'none', wrapped: true, ownPart: null };

/** The number that a leaf of the input has in the output. */
export function numberInOutput(part: string, placement: Placement, rootIsMultipart: boolean): string {
  if (placement.wrapped) return rootIsMultipart ? `1.${part}` : '1';
  if (placement.ownPart === null) return part;
  const level = placement.ownPart.after.split('.');
  const path = part.split('.');
  const last = level.length - 1;
  const sameParent = level.slice(0, last).every((step, i) => path[i] === step);
  if (!sameParent || path.length < level.length || Number(path[last]) <= Number(level[last])) return part;
  return path.map((step, i) => (i === last ? String(Number(step) + 1) : step)).join('.');
}

/** The number that the part of its own has in the output; undefined where none is expected. */
export function ownPartNumber(placement: Placement): string | undefined {
  if (placement.wrapped) return '2';
  if (placement.ownPart === null) return undefined;
  const path = placement.ownPart.after.split('.');
  return [...path.slice(0, -1), String(Number(path.at(-1)) + 1)].join('.');
}
