// How footers are placed where there is a choice: the one table of choices and defaults.

/** `control/amime-signed`: signed mail is left byte for byte, or wrapped so that the footer stands beside it. */
export enum SignedMail {
  Skip,
  Wrap,
}

/** `control/amime-attachment-only`: mail without a text body gets the footer as a part of its own, or none. */
export enum AttachmentOnly {
  Part,
  Skip,
}

/** The words for SignedMail, in its order; the first one is the default. */
export const SIGNED_MAIL_WORDS: string[] = ['skip', 'wrap'];

/** The words for AttachmentOnly, in its order; the first one is the default. */
export const ATTACHMENT_ONLY_WORDS: string[] = ['part', 'skip'];

export class PlacementOptions {
  signed: SignedMail = SignedMail.Skip;
  attachmentOnly: AttachmentOnly = AttachmentOnly.Part;
}
