// What became of a message, for the log line and for preview.

/** Why a footer was not put somewhere. Each has its sentence in explain.ts and its row in docs/footer-rules.md. */
export enum Reason {
  None,
  Signed,
  Encrypted,
  Report,
  Digest,
  Message,
  Form,
  Attachment,
  AttachmentOnly,
  NotText,
  NotTheRoot,
  AfterTheBody,
  /** More of the body follows, and that has the footer. */
  BodyContinues,
  Blank,
  UnknownEncoding,
  UnclearHeader,
  UnreadableType,
  UnusableCharset,
  BrokenBase64,
  NotReallyText,
  UnclosedPgp,
  UnfinishedTag,
  DelimiterLine,
  NoBoundary,
  NoContent,
  AlreadyThere,
  TooManyPlaces,
  TooMuchGrowth,
  Trouble,
}

/** How a footer got into a message. */
export enum Manner {
  /** Into a text part. */
  Into,
  /** As a text part of its own, in a multipart that was there. */
  Beside,
  /** As a text part of its own, in a multipart that was put around the message. */
  Around,
}

export enum FooterKind {
  Text,
  Html,
}

export class Placed {
  constructor(
    readonly manner: Manner,
    readonly kind: FooterKind,
    /** The footer's characters did not fit into the part and were spelled in ASCII. */
    readonly transliterated: boolean,
    /** HTML that may hide the footer: what is open around it could not be closed. */
    readonly mayBeHidden: boolean,
    /** `iso-2022-jp`: the charset from which the part was converted to UTF-8; '' where it was not. */
    readonly convertedFrom: string,
  ) {}

  equals(other: Placed): boolean {
    return (
      this.manner === other.manner &&
      this.kind === other.kind &&
      this.transliterated === other.transliterated &&
      this.mayBeHidden === other.mayBeHidden &&
      this.convertedFrom === other.convertedFrom
    );
  }
}

/** The lists hold each distinct entry once, so they are short for any message. */
export class Outcome {
  placed: Placed[] = [];
  readonly reasons: Reason[] = [];
  /** The root's media type, as the header has it: anything. */
  rootType: string = '';
}
