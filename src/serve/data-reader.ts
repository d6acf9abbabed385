/**
 * Reads what follows DATA: finds its end, undoes dot-stuffing (RFC 5321, section 4.5.2) and turns CRLF into the LF that
 * mlmmj works with. Only CRLF dot CRLF ends a message, and only CRLF is a line end to which the dot rule applies: a
 * bare CR or LF is content, here as for the client. Servers that thought otherwise let a second message be smuggled in
 * behind the first.
 */
const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;

type State =
  /** At the beginning, or behind CRLF. */
  | 'line start'
  /** A dot at the line's start: stuffing, or the end. */
  | 'dot'
  /** The same, and a CR: the end, if LF follows. */
  | 'dot, CR'
  | 'text'
  /** A CR in text: half a line end, or content. */
  | 'CR';

export interface DataPiece {
  /** Message bytes with LF line ends. Nothing else has a view of their memory, so whoever gets them may free it. */
  readonly bytes: Buffer;
  /** How many bytes of the chunk belong to the message: all of them, unless it ended. */
  readonly consumed: number;
  readonly ended: boolean;
}

export class DataReader {
  #state: State = 'line start';
  #wireLength = 0;

  /** The message's length as SIZE counts it: CRLF line ends, no stuffing, no final dot. */
  get wireLength(): number {
    return this.#wireLength;
  }

  /**
   * Not to be called again once a piece has `ended`.
   * @param chunk the next bytes from the client, given away: they are changed where they stand, as far as `consumed`
   */
  read(chunk: Buffer): DataPiece {
    // What is given out never gets ahead of what is read, but for a CR that was held back from before.
    const holdsBack = this.#state === 'CR' || this.#state === 'dot, CR';
    const isAlone = chunk.length === chunk.buffer.byteLength;
    const bytes = holdsBack || !isAlone ? Buffer.allocUnsafeSlow(chunk.length + 1) : chunk;
    let length = 0;
    let lineEnds = 0;
    let at = 0;
    let ended = false;
    while (at < chunk.length && !ended) {
      const byte = chunk[at]!;
      switch (this.#state) {
        case 'line start':
          if (byte === DOT) {
            this.#state = 'dot';
            at++;
          } else this.#state = 'text';
          break;
        case 'dot':
          if (byte === CR) {
            this.#state = 'dot, CR';
            at++;
            break;
          }
          // The dot goes, and what follows is text, another dot as well.
          this.#state = 'text';
          bytes[length++] = byte;
          at++;
          break;
        case 'dot, CR':
          if (byte === LF) {
            ended = true;
            at++;
          } else this.#state = 'CR';
          break;
        case 'text': {
          const found = chunk.indexOf(CR, at);
          const end = found < 0 ? chunk.length : found;
          chunk.copy(bytes, length, at, end);
          length += end - at;
          at = end;
          if (found >= 0) {
            this.#state = 'CR';
            at++;
          }
          break;
        }
        case 'CR':
          if (byte === LF) {
            bytes[length++] = LF;
            lineEnds++;
            this.#state = 'line start';
            at++;
          } else {
            bytes[length++] = CR;
            if (byte === CR) at++;
            else this.#state = 'text';
          }
          break;
      }
    }
    this.#wireLength += length + lineEnds;
    // Behind the message may stand the client's next command, in the same memory.
    const isShared = bytes === chunk && at < chunk.length;
    const given = isShared ? Buffer.from(chunk.buffer.slice(0, length)) : bytes.subarray(0, length);
    return { bytes: given, consumed: at, ended };
  }
}
