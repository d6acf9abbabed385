/**
 * Every cap of the MIME code, with the reason for its number. Passing one never fails a message: the scanner
 * stops understanding (the bytes go by unchanged), and placement then finds no part to put a footer into.
 */

/**
 * Longest header field that is held whole, in bytes. Postfix cuts fields at 102,400 (`header_size_limit`), and
 * real `Content-*` fields stay under 1 KiB; what is longer goes by in pieces and is not understood.
 */
export const FIELD_LIMIT = 32 * 1024;

/** Longest boundary that is recognised, in bytes. RFC 2046 §5.1.1 allows 70; mailers have been seen with over 200. */
export const BOUNDARY_LIMIT = 1024;

/** Longest line that can be a delimiter: the boundary, four dashes, and as much trailing white space again. */
export const DELIMITER_LINE_LIMIT = 2 * BOUNDARY_LIMIT + 4;

/**
 * Deepest multipart that is looked into. Postfix's `mime_nesting_limit` is 100 too; deeper ones are passed by
 * as they are, because each level costs memory for as long as it is open.
 */
export const NESTING_LIMIT = 100;
