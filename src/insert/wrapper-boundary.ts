// The boundary of a multipart that is put around a message.
import { ByteBuilder } from '../mime/byte-builder.ts';
import { HeaderFields } from '../mime/header/header-fields.ts';
import { Window } from '../mime/window.ts';

/** Bytes of the header that are looked at: what the list's own host has written stands on top. */
const HEADER_LIMIT: number = 64 * 1024;

/** Digits of a hash in base 36. */
const HASH_WIDTH: i32 = 7;

/**
 * Made from the message's header: the same message always gets the same boundary, so that a second delivery is no
 * different message, and the poster cannot know it in advance, because the host's own `Received:` field is in it. `=_`
 * can stand in no quoted-printable or base64 line (RFC 2045 §6.7).
 * @param headerStart, headerEnd offsets into the message; a blank line at the end does not count
 */
export function wrapperBoundary(window: Window, headerStart: number, headerEnd: number): Uint8Array {
  const hash = new HeaderHash();
  const fields = new HeaderFields(window, headerStart, min(headerEnd, headerStart + HEADER_LIMIT));
  while (fields.advance()) {
    for (let at = fields.start; at < fields.end; at++) hash.add(window.byteAt(at));
  }
  const boundary = new ByteBuilder();
  boundary.addText(`=_footer_${hash.text()}`);
  return boundary.bytes();
}

/** FNV-1a and two hashes that follow it: enough to differ. */
class HeaderHash {
  private a: i32 = i32(0x811c9dc5);
  private b: i32 = i32(0x9e3779b9);
  private c: i32 = i32(0x85ebca6b);

  add(byte: i32): void {
    this.a = product(this.a ^ byte, 0x01000193);
    this.b = i32(product(this.b ^ this.a, 0x01000193) + 1);
    this.c = product(this.c ^ (this.b >>> 7), 0x01000193);
  }

  text(): string {
    return `${digits(this.a)}_${digits(this.b)}_${digits(this.c)}`;
  }
}

/** The low 32 bits of a product. */
function product(left: i32, right: i32): i32 {
  if (ASC_TARGET === 0) return Math.imul(left, right);
  return left * right;
}

function digits(hash: i32): string {
  return u32(hash).toString(36).padStart(HASH_WIDTH, '0');
}
