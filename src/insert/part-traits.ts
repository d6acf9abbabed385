// What a part's header alone tells about it, for placing a footer.

import { TransferEncoding } from '../mime/encoding/transfer-encoding.ts';
import { BlankLine, PartHeader } from '../mime/header/part-header.ts';
import { FooterKind, Reason } from './outcome.ts';

/** Parts that are never touched inside, nor given company, whatever is around them; Reason.None for all others. */
export function untouchable(header: PartHeader): Reason {
  const type = header.mediaType;
  if (type === 'multipart/signed') return Reason.Signed;
  if (type === 'multipart/report') return Reason.Report;
  if (type === 'multipart/digest') return Reason.Digest;
  if (type === 'multipart/form-data') return Reason.Form;
  if (type.startsWith('message/')) return Reason.Message;
  return isEncrypted(header) ? Reason.Encrypted : Reason.None;
}

function isEncrypted(header: PartHeader): boolean {
  switch (header.mediaType) {
    case 'multipart/encrypted':
    case 'application/pkcs7-mime':
    case 'application/x-pkcs7-mime':
    case 'application/pgp':
    case 'application/pgp-encrypted':
      return true;
    case 'application/octet-stream':
      // RFC 8551 §3.10: gateways change the type, so the name tells as well.
      return endsInExtension(header.fileName, 'p7m') || endsInExtension(header.fileName, 'p7z');
    default:
      return false;
  }
}

/**
 * The first part of PGP/MIME (RFC 3156 §4). Exchange makes a multipart/mixed of the multipart/encrypted and puts an
 * empty text in front; mutt and others repair that, mutt only as long as the text is empty. Files that are PGP have this
 * type as well.
 */
export function isPgpMimeVersion(header: PartHeader): boolean {
  return header.mediaType === 'application/pgp-encrypted';
}

/** What keeps a whole message from getting a footer part beside it. */
export function isConfidential(reason: Reason): boolean {
  return reason === Reason.Encrypted || reason === Reason.Signed;
}

/** Why a text's end is not to be found for certain; Reason.None where it is. */
export function textObstacle(header: PartHeader): Reason {
  if (header.contradictory) return Reason.UnclearHeader;
  return header.blankLine === BlankLine.CutOff ? Reason.NoContent : Reason.None;
}

export function isText(header: PartHeader): boolean {
  if (!header.isTypeReadable || isPatch(header)) return false;
  return header.mediaType === 'text/plain' || header.mediaType === 'text/html';
}

export function kindOf(header: PartHeader): FooterKind {
  return header.mediaType === 'text/html' ? FooterKind.Html : FooterKind.Text;
}

/** A patch is code: a line more and it does not apply, wherever it stands and whatever its disposition. */
function isPatch(header: PartHeader): boolean {
  return endsInExtension(header.fileName, 'patch') || endsInExtension(header.fileName, 'diff');
}

/** RFC 2183 §2.8: a disposition that nobody knows is to be treated as an attachment. */
export function isSetAside(header: PartHeader): boolean {
  return header.disposition !== '' && header.disposition !== 'inline';
}

/** In a multipart/mixed a file name makes an attachment as well. */
export function isAttachment(header: PartHeader): boolean {
  return header.fileName !== '' || isSetAside(header);
}

/** Apple Mail names the pictures that it shows between two texts; other mailers leave them without a disposition. */
export function isInlinePicture(header: PartHeader): boolean {
  if (!header.isTypeReadable || !header.mediaType.startsWith('image/')) return false;
  return header.disposition === 'inline' || !isAttachment(header);
}

/** Whether a reader sees this part of a multipart/mixed as the continuation of the body. */
export function continuesBody(header: PartHeader, isMultipart: boolean): boolean {
  if (isMultipart) {
    const isBodyLike =
      header.mediaType === 'multipart/alternative' || header.mediaType === 'multipart/related';
    return isBodyLike && !isSetAside(header);
  }
  if (isInlinePicture(header)) return true;
  if (!isText(header) || isAttachment(header)) return false;
  return textObstacle(header) === Reason.None && header.transferEncoding !== TransferEncoding.Unknown;
}

/** @param extension in lower case, without its dot */
function endsInExtension(fileName: string, extension: string): boolean {
  const start = fileName.length - extension.length;
  if (start < 1 || fileName.charCodeAt(start - 1) !== 0x2e) return false;
  for (let i = 0; i < extension.length; i++) {
    if ((fileName.charCodeAt(start + i) | 0x20) !== extension.charCodeAt(i)) return false;
  }
  return true;
}
