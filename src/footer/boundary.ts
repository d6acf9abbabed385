/**
 * Makes the boundary for a multipart that is put around a message, from the header that has gone by: the same
 * message always gets the same one, so that a second delivery is no different message, and the poster cannot know
 * it in advance, because the host's own `Received:` field is in it. `=_` can stand in no quoted-printable or
 * base64 line (RFC 2045 §6.7).
 */
export class BoundaryMaker {
  #a = 0x811c9dc5;
  #b = 0x9e3779b9;
  #c = 0x85ebca6b;

  /** FNV-1a and two that follow it: enough to differ, and no library is loaded for it on the way of every message. */
  add(bytes: Uint8Array): void {
    let a = this.#a;
    let b = this.#b;
    let c = this.#c;
    for (let i = 0; i < bytes.length; i++) {
      a = Math.imul(a ^ bytes[i]!, 0x01000193);
      b = Math.imul(b ^ a, 0x01000193) + 1;
      c = Math.imul(c ^ (b >>> 7), 0x01000193);
    }
    this.#a = a;
    this.#b = b;
    this.#c = c;
  }

  get boundary(): string {
    const lanes = [this.#a, this.#b, this.#c].map((lane) => (lane >>> 0).toString(36).padStart(7, '0'));
    return `=_footer_${lanes.join('_')}`;
  }
}
