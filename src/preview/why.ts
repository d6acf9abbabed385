import type { Placed, Reason } from '../footer/outcome.ts';

/** What is the matter with a part that gets no footer: to be read behind "it". docs/footer-rules.md has them as well. */
export const WHY: Readonly<Record<Reason, string>> = {
  signed: 'is signed',
  encrypted: 'is encrypted, or PKCS #7 of any kind',
  report: 'is a delivery report or a receipt',
  digest: "holds other people's messages",
  message: 'is a message itself',
  attachment: 'is an attachment, or has a file name',
  'attachment only': 'is the whole message and no text',
  'not text': 'is no text that readers show',
  'not the root of related': 'is a picture or style of the root',
  'after the body': 'comes when the body has ended',
  'unknown encoding': 'has a transfer encoding that does not exist',
  'unclear header': 'says two things of itself; readers disagree',
  'unusable charset':
    'is in a charset into which ASCII does not fit, and which is not known well enough or not in base64',
  'broken base64': 'ends in base64 that cannot be continued',
  'unclosed pgp': 'ends inside a PGP block',
  'unfinished tag': 'ends inside an HTML tag',
  'no boundary': 'is a multipart that says no boundary to find its parts by',
  'no content': 'has no content: its header is cut off',
  'already there': 'ends with the footer',
  trouble: 'went by when our own code failed',
};

/** What is done to a part that gets the footer. */
export function deed({ manner, kind, transliterated }: Placed): string {
  const spelling = transliterated ? ', spelled in ASCII' : '';
  if (manner === 'beside') return 'the footer, as a part of its own';
  if (manner === 'around')
    return 'a new multipart/mixed around the message, with the footer as its second part';
  return kind === 'text/html' ? 'the footer, where its HTML ends' : `the footer, at its end${spelling}`;
}

/** Why the footer is not in a part, but around it. */
export function because(reason: Reason): string {
  return `because it ${WHY[reason]}`;
}

/** Why nothing happens to it. */
export function excuse(reason: Reason): string {
  return `left as it is: it ${WHY[reason]}`;
}
