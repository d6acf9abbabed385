// A part of a message, as the scanner finds it.
import { PartHeader } from './header/part-header.ts';

/** What stands after a part's content. */
export enum Follower {
  /** A delimiter that brings its own line end. */
  Delimiter,
  /** A delimiter line that follows the content directly: an empty part, or a nested multipart's closing line. */
  BareDelimiter,
  /** The end of the message. */
  End,
}

/** All offsets are into the message, in bytes. */
export class Part {
  /** Null until the header is complete. */
  header: PartHeader | null = null;
  /** The content begins here (of a multipart: its preamble), after the header and its blank line. */
  bodyStart: number = 0;
  /** The content ends here (of a multipart: its epilogue), before the line end of a delimiter. Known at the part's end. */
  bodyEnd: number = 0;
  /** Known at the part's end. */
  follower: Follower = Follower.End;
  /** A multipart with a usable boundary, not too deep: its parts are parts of their own. */
  isMultipart: boolean = false;
  /** A multipart around it or in it has the same boundary: which of them a delimiter belongs to is not certain. */
  sharesBoundary: boolean = false;
  /** Its closing delimiter has been seen. */
  isClosed: boolean = false;
  /** How many parts it has had so far. */
  children: i32 = 0;

  constructor(
    /** The multipart around it; null for the root. */
    readonly parent: Part | null,
    /** 0 for the root. */
    readonly depth: i32,
    /** Among its parent's parts, from 1 on. */
    readonly ordinal: i32,
    readonly headerStart: number,
  ) {}
}
