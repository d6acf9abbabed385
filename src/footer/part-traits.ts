import { isKnownEncoding, type PartHeader } from '../mime/part-header.ts';
import type { Reason } from './outcome.ts';
import type { FooterKind } from './placement.ts';

/** What a part's header alone tells about it, for placing a footer. */

/** Why a text's end is not to be found for certain. */
export function textObstacle(header: PartHeader): Reason | undefined {
  if (header.contradictory) return 'unclear header';
  return header.separated ? undefined : 'no content';
}

/** Parts that are never touched inside, nor given company, whatever is around them. */
export function untouchable(header: PartHeader): Reason | undefined {
  const type = header.mediaType;
  if (type === 'multipart/report') return 'report';
  if (type === 'multipart/digest') return 'digest';
  if (type.startsWith('message/')) return 'message';
  const encrypted =
    /^(?:multipart\/encrypted|application\/(?:x-)?pkcs7-mime|application\/pgp(?:-encrypted)?)$/;
  if (encrypted.test(type)) return 'encrypted';
  // RFC 8551 §3.10: gateways change the type, so the name tells as well.
  return type === 'application/octet-stream' && /\.p7[mz]$/i.test(header.fileName) ? 'encrypted' : undefined;
}

/**
 * The first part of PGP/MIME (RFC 3156 §4). Exchange makes a multipart/mixed of the multipart/encrypted and puts an empty
 * text in front; mutt and others repair that, mutt only as long as the text is empty. Files that are PGP have this type
 * as well.
 */
export function isPgpMimeVersion(header: PartHeader): boolean {
  return header.mediaType === 'application/pgp-encrypted';
}

/** What keeps a whole message from getting a footer part beside it. */
export function isConfidential(reason: Reason | undefined): boolean {
  return reason === 'encrypted' || reason === 'signed';
}

export function bodyKind(header: PartHeader): FooterKind | undefined {
  if (isAttachment(header)) return undefined;
  return header.mediaType === 'text/plain' || header.mediaType === 'text/html' ? header.mediaType : undefined;
}

/** RFC 2183 §2.8: a disposition nobody knows is to be treated as an attachment. */
export function isAttachment(header: PartHeader): boolean {
  return header.fileName !== '' || isSetAside(header);
}

/** Of a multipart this alone tells: a name says nothing where there is no file. */
export function isSetAside(header: PartHeader): boolean {
  return header.disposition !== '' && header.disposition !== 'inline';
}

/** Apple Mail names the pictures that it shows between two texts; other mailers leave them without a disposition. */
export function isInlinePicture(header: PartHeader): boolean {
  if (!header.mediaType.startsWith('image/')) return false;
  return header.disposition === 'inline' || !isAttachment(header);
}

/** Whether a reader sees this part of a multipart/mixed as the body's continuation. */
export function continuesBody(header: PartHeader): boolean {
  if (header.boundary !== undefined) {
    return /^multipart\/(?:alternative|related)$/.test(header.mediaType) && !isSetAside(header);
  }
  if (isInlinePicture(header)) return true;
  return bodyKind(header) !== undefined && !textObstacle(header) && isKnownEncoding(header.transferEncoding);
}

/**
 * Whether the first part of a multipart/related may be its root although `start` does not name it. Without a Content-ID
 * no other part can refer to it (RFC 2392), and its type is not one that `type` (RFC 2387 §3.1) rules out.
 */
export function looksLikeRoot(first: PartHeader, related: PartHeader): boolean {
  if (first.contentId !== '') return false;
  const type = related.contentType?.parameters.get('type')?.trim().toLowerCase();
  return type === undefined
    ? first.boundary !== undefined || bodyKind(first) === 'text/html'
    : first.mediaType === type;
}
