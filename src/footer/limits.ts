/** The caps of the footer code. Passing one never fails a message: it costs the footer its best place at most. */

/**
 * How much of a text part is held while it is open how the footer can be written into it, in bytes. Bodies that
 * people write are far smaller; longer ones get the way that needs no second look.
 */
export const HELD_TEXT_LIMIT = 256 * 1024;

/** How much HTML can follow a `</body>` that is still taken for the body's end, in bytes. */
export const HELD_HTML_LIMIT = 64 * 1024;

/** How much of a part's header is held while it is open what happens to the part, in bytes. */
export const HELD_HEADER_LIMIT = 64 * 1024;

/** How much may follow the padding of base64 content before it is called broken, in bytes. */
export const UNREAD_LIMIT = 64 * 1024;
