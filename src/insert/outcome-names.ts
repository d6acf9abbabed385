// What became of a message, in the words that JSON, metrics and the library's users have for it.
import { FooterKind, Manner, Reason } from './outcome.ts';

export const MANNER_NAMES = {
  [Manner.Into]: 'into',
  [Manner.Beside]: 'beside',
  [Manner.Around]: 'around',
} as const satisfies Record<Manner, string>;

export const KIND_NAMES = {
  [FooterKind.Text]: 'text/plain',
  [FooterKind.Html]: 'text/html',
} as const satisfies Record<FooterKind, string>;

/** Each has its row in docs/footer-rules.md. */
export const REASON_NAMES = {
  [Reason.None]: 'none',
  [Reason.Signed]: 'signed',
  [Reason.Encrypted]: 'encrypted',
  [Reason.Report]: 'report',
  [Reason.Digest]: 'digest',
  [Reason.Message]: 'message',
  [Reason.Form]: 'form',
  [Reason.Attachment]: 'attachment',
  [Reason.AttachmentOnly]: 'attachment only',
  [Reason.NotText]: 'not text',
  [Reason.NotTheRoot]: 'not the root of related',
  [Reason.AfterTheBody]: 'after the body',
  [Reason.BodyContinues]: 'body continues',
  [Reason.Blank]: 'blank',
  [Reason.UnknownEncoding]: 'unknown encoding',
  [Reason.UnclearHeader]: 'unclear header',
  [Reason.UnreadableType]: 'unreadable type',
  [Reason.UnusableCharset]: 'unusable charset',
  [Reason.BrokenBase64]: 'broken base64',
  [Reason.NotReallyText]: 'not really text',
  [Reason.UnclosedPgp]: 'unclosed pgp',
  [Reason.UnfinishedTag]: 'unfinished tag',
  [Reason.DelimiterLine]: 'delimiter line',
  [Reason.NoBoundary]: 'no boundary',
  [Reason.NoContent]: 'no content',
  [Reason.AlreadyThere]: 'already there',
  [Reason.TooManyPlaces]: 'too many places',
  [Reason.TooMuchGrowth]: 'too much growth',
  [Reason.Trouble]: 'trouble',
} as const satisfies Record<Reason, string>;

export type MannerName = (typeof MANNER_NAMES)[Manner];
export type KindName = (typeof KIND_NAMES)[FooterKind];
export type ReasonName = (typeof REASON_NAMES)[Reason];
