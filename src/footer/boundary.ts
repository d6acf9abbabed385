/**
 * Makes the boundary for a multipart that is put around a message, from the header that has gone by: the same
 * message always gets the same one, so that a second delivery is no different message, and the poster cannot know
 * it in advance, because the host's own `Received:` field is in it. `=_` can stand in no quoted-printable or
 * base64 line (RFC 2045 §6.7).
 */
export class BoundaryMaker {
  #lanes = new Uint32Array([0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35]);

  /** FNV-1a in four lanes: enough to differ, and no library is loaded for it on the way of every message. */
  add(bytes: Uint8Array): void {
    let [a, b, c, d] = this.#lanes as unknown as [number, number, number, number];
    for (let i = 0; i < bytes.length; i++) {
      a = Math.imul(a ^ bytes[i]!, 0x01000193);
      b = Math.imul(b ^ a, 0x01000193) + 1;
      c = Math.imul(c ^ (b >>> 7), 0x01000193);
      d = Math.imul(d ^ (c >>> 11), 0x01000193);
    }
    this.#lanes.set([a, b, c, d]);
  }

  get boundary(): string {
    return `=_footer_${Array.from(this.#lanes, (lane) => lane.toString(36)).join('_')}`;
  }
}
