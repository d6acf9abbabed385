import type { PartHeader } from './part-header.ts';

/**
 * What the scanner finds, in the order of the message. The law that makes everything else easy to trust: *the
 * `bytes` of all tokens, one after another, are the input*, whatever it was and however it was cut.
 * `bytes` are only valid during the call that brings the token; who keeps them copies them.
 */
export type Token =
  /** A header field with its line end and continuation lines. `name` is lower case; '' for a line that is no field. */
  | { readonly type: 'field'; readonly bytes: Uint8Array; readonly name: string; readonly whole: boolean }
  /** The header is complete; `bytes` are its blank line (none where it is missing). `lineEnd` is the message's first. */
  | {
      readonly type: 'header-end';
      readonly bytes: Uint8Array;
      readonly header: PartHeader;
      readonly lineEnd: '\n' | '\r\n';
    }
  /** Content of a part that is not looked into. */
  | { readonly type: 'body'; readonly bytes: Uint8Array }
  /** A multipart's preamble or epilogue. */
  | { readonly type: 'filler'; readonly bytes: Uint8Array }
  /** The innermost open part has ended: a leaf's content, or a multipart with its epilogue. No bytes. */
  | {
      readonly type: 'part-end';
      readonly bytes: Uint8Array;
      readonly of: 'leaf' | 'multipart';
      readonly followedBy: Follower;
    }
  /**
   * A delimiter line with its line end, and the line end before it, which belongs to it (RFC 2046 §5.1.1).
   * `level` counts open multiparts from 0, the root.
   */
  | {
      readonly type: 'delimiter';
      readonly bytes: Uint8Array;
      readonly level: number;
      readonly boundary: string;
      readonly closing: boolean;
    };

/**
 * What stands behind a part's content: a delimiter that brings its own line end, one that follows the content
 * directly (an empty part, or a nested multipart's closing line), or the end of the message.
 */
export type Follower = 'delimiter' | 'bare delimiter' | 'end';
