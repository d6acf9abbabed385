import { latin1 } from '../mime/bytes.ts';

/**
 * Finds the end tags of a document's body while it streams by: the real ones, not those in comments, scripts,
 * styles, titles, attributes or Outlook's conditionals, which older footer programs fall for. It follows the
 * tokenizer of the HTML standard (§13.2.5) as far as that decides where a tag begins, works on bytes, and needs
 * no more of a charset than that `<` and the letters are ASCII.
 */

/** An end tag that was found: `</body` or `</html`, and the offset of its `<` in all bytes written so far. */
export interface BodyEndTag {
  readonly name: 'body' | 'html';
  readonly offset: number;
}

type State =
  | 'data'
  | 'tag open'
  | 'end tag open'
  | 'markup declaration'
  | 'tag name'
  | 'in tag'
  | 'before value'
  | 'double-quoted'
  | 'single-quoted'
  | 'unquoted'
  | 'comment'
  | 'bogus comment'
  | 'raw text'
  | 'plaintext';

/** Elements whose content is text until their own end tag (§13.2.6, with scripting off). */
const RAW_TEXT = new Set(['script', 'style', 'title', 'textarea', 'xmp', 'iframe', 'noembed', 'noframes']);

/**
 * A whole tag of no consequence, at `lastIndex`: no end tag of the body, no element of raw text. Nearly every tag is
 * one, and an expression that runs as machine code from the first message on takes it at a tenth of the price of the
 * states below, which are for what is cut off or out of the ordinary. It gives back next to nothing: a name goes to its
 * end, an unquoted value too, and a tag of more values than real ones have, or with anything but a name right before a
 * `=`, is left to the states.
 */
function ordinaryTag(): RegExp {
  const blank = '\\t\\n\\f\\r ';
  const special = ['body', 'html', 'plaintext', ...RAW_TEXT].join('|');
  const name = `(?!(?:${special})[${blank}/>])[a-z][^${blank}/>]*(?=[${blank}/>])`;
  const value = `=[${blank}]*(?:"[^"]*"|'[^']*'|[^${blank}"'>][^${blank}>]*(?=[${blank}>])|(?=>))`;
  return new RegExp(`</?${name}(?:[^>=]*[^>=/"'${blank}]${value}){0,32}[^>=]*>`, 'iy');
}

/** A tag name longer than this is none that matters. */
const NAME_LIMIT = 16;

const GT = 0x3e;
const SLASH = 0x2f;
const BANG = 0x21;
const QUESTION = 0x3f;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const DASH = 0x2d;
const EQUALS = 0x3d;

export class HtmlScanner {
  readonly #found: (tag: BodyEndTag) => void;
  /** Made with the first HTML, not when the program starts. */
  readonly #ordinaryTag = ordinaryTag();
  #state: State = 'data';
  #offset = 0;
  #tagStart = 0;
  #isEndTag = false;
  #name = '';
  #rawTextOf = '';
  /** In a tag, since it began, since the last value, or since a slash. */
  #hasAttributeName = false;
  /** The last characters of a comment, declaration or raw text, as far as its end could begin in them. */
  #window = '';

  constructor(found: (tag: BodyEndTag) => void) {
    this.#found = found;
  }

  write(bytes: Uint8Array): void {
    const text = latin1(bytes);
    for (let i = 0; i < text.length; ) i = this.#step(text, i);
    this.#offset += text.length;
  }

  /**
   * What to write first so that a footer at the end of the text is seen: nothing, what ends an unclosed comment or
   * raw text; undefined where nothing can (in the middle of a tag, or after `<plaintext>`).
   */
  get closer(): string | undefined {
    switch (this.#state) {
      case 'data':
        return '';
      case 'comment':
        return '-->';
      case 'bogus comment':
        return '>';
      case 'raw text':
        return `</${this.#rawTextOf}>`;
      default:
        return undefined;
    }
  }

  /** Takes the byte at `i`, or a run of bytes that change nothing; returns the offset of the next. */
  #step(text: string, i: number): number {
    const byte = text.charCodeAt(i);
    switch (this.#state) {
      case 'data':
        return this.#inData(text, i);
      case 'tag open':
        if (byte === BANG) return this.#enter('markup declaration', i + 1);
        if (byte === SLASH) return this.#enter('end tag open', i + 1);
        if (byte === QUESTION) return this.#enter('bogus comment', i);
        if (isLetter(byte)) return this.#enterTagName(false, i);
        return this.#enter('data', i);
      case 'end tag open':
        if (isLetter(byte)) return this.#enterTagName(true, i);
        return byte === GT ? this.#enter('data', i + 1) : this.#enter('bogus comment', i);
      case 'tag name':
        if (isBlank(byte) || byte === SLASH || byte === GT) return this.#endTagName(i);
        return this.#takeName(text, i);
      case 'in tag': {
        if (byte === GT) return this.#endTag(i + 1);
        // A quote that does not follow a `=` is part of an attribute's name and quotes nothing; so is a `=` at its start.
        if (byte === EQUALS && this.#hasAttributeName) return this.#enter('before value', i + 1);
        if (byte === SLASH) this.#hasAttributeName = false;
        else this.#hasAttributeName ||= !isBlank(byte);
        return i + 1;
      }
      case 'before value':
        if (isBlank(byte)) return i + 1;
        if (byte === DOUBLE_QUOTE) return this.#enter('double-quoted', i + 1);
        if (byte === SINGLE_QUOTE) return this.#enter('single-quoted', i + 1);
        return byte === GT ? this.#endTag(i + 1) : this.#enter('unquoted', i + 1);
      case 'double-quoted':
        return this.#skipTo('"', text, i, 'in tag');
      case 'single-quoted':
        return this.#skipTo("'", text, i, 'in tag');
      case 'unquoted': {
        if (byte === GT) return this.#endTag(i + 1);
        if (isBlank(byte)) return this.#enter('in tag', i + 1);
        let end = i + 1;
        while (end < text.length && text.charCodeAt(end) !== GT && !isBlank(text.charCodeAt(end))) end++;
        return end;
      }
      case 'markup declaration':
        if (byte === DASH && this.#window.length < 2) {
          this.#window += '-';
          return this.#window === '--' ? this.#enter('comment', i + 1) : i + 1;
        }
        return this.#enter('bogus comment', i);
      case 'bogus comment':
        return this.#skipTo('>', text, i, 'data');
      case 'comment':
        return this.#inComment(text, i);
      case 'raw text':
        return this.#inRawText(text, i);
      case 'plaintext':
        return text.length;
    }
  }

  #inData(text: string, i: number): number {
    for (let next = i; ; next = this.#ordinaryTag.lastIndex) {
      const lt = text.indexOf('<', next);
      if (lt < 0) return text.length;
      this.#ordinaryTag.lastIndex = lt;
      if (this.#ordinaryTag.test(text)) continue;
      this.#tagStart = this.#offset + lt;
      this.#state = 'tag open';
      return lt + 1;
    }
  }

  #enter(state: State, next: number): number {
    this.#state = state;
    this.#window = '';
    this.#hasAttributeName = false;
    return next;
  }

  #enterTagName(isEndTag: boolean, next: number): number {
    this.#isEndTag = isEndTag;
    this.#name = '';
    return this.#enter('tag name', next);
  }

  /** The name's characters that are here; a chunk can end within it. */
  #takeName(text: string, i: number): number {
    let end = i + 1;
    while (
      end < text.length &&
      !isBlank(text.charCodeAt(end)) &&
      text.charCodeAt(end) !== SLASH &&
      text.charCodeAt(end) !== GT
    )
      end++;
    const room = Math.max(0, NAME_LIMIT - this.#name.length);
    this.#name += text.slice(i, Math.min(end, i + room)).toLowerCase();
    return end;
  }

  #endTagName(next: number): number {
    if (this.#isEndTag && (this.#name === 'body' || this.#name === 'html')) {
      this.#found({ name: this.#name, offset: this.#tagStart });
    }
    return this.#enter('in tag', next);
  }

  #endTag(next: number): number {
    if (this.#isEndTag) return this.#enter('data', next);
    if (this.#name === 'plaintext') return this.#enter('plaintext', next);
    if (!RAW_TEXT.has(this.#name)) return this.#enter('data', next);
    this.#rawTextOf = this.#name;
    return this.#enter('raw text', next);
  }

  #skipTo(end: string, text: string, i: number, then: State): number {
    const at = text.indexOf(end, i);
    return at < 0 ? text.length : this.#enter(then, at + 1);
  }

  /** Ends at `-->`, `--!>`, and right at its start also at `>` and `->` (§13.2.5.43 to 51). */
  #inComment(text: string, i: number): number {
    const gt = text.indexOf('>', i);
    const end = gt < 0 ? text.length : gt;
    const skipped = end - i;
    // `^` marks the comment's start, so that `<!-->` and `<!--->` are told from a `>` further on.
    const before = this.#window === '' ? '^' : this.#window;
    this.#window = (before + text.slice(Math.max(i, end - 3), end)).slice(-3);
    if (skipped > 3 && this.#window.startsWith('^')) this.#window = this.#window.slice(1);
    if (gt < 0) return end;
    if (/(?:--|--!|^\^|^\^-)$/.test(this.#window)) return this.#enter('data', gt + 1);
    this.#window = `${this.#window}>`.slice(-3);
    return gt + 1;
  }

  /** Ends at its own end tag, whose name must be followed by a blank, a slash or `>`. */
  #inRawText(text: string, i: number): number {
    const endTag = `</${this.#rawTextOf}`;
    const byte = text.charCodeAt(i);
    if (this.#window === '') {
      const lt = text.indexOf('<', i);
      if (lt < 0) return text.length;
      this.#tagStart = this.#offset + lt;
      this.#window = '<';
      return lt + 1;
    }
    if (this.#window === endTag) {
      if (isBlank(byte) || byte === SLASH || byte === GT) {
        this.#isEndTag = true;
        this.#name = this.#rawTextOf;
        return this.#enter('in tag', i);
      }
      this.#window = '';
      return i;
    }
    const next = this.#window + String.fromCharCode(byte).toLowerCase();
    if (endTag.startsWith(next)) {
      this.#window = next;
      return i + 1;
    }
    this.#window = '';
    return i;
  }
}

function isLetter(byte: number): boolean {
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d && byte !== 0x0b);
}
