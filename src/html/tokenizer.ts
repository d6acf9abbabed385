/**
 * HTML as a stream of tokens, as the HTML standard's tokenizer (§13.2.5) finds them.
 *
 *     tokenizer.feed(block, length);
 *     while (tokenizer.advance()) …
 *     if (tokenizer.finish()) …
 *
 * Lossless: the ranges of all tokens, one after the other, are the text, for any bytes and however they are cut into
 * blocks. It reads a text with one byte for each code unit, in which ASCII stands for itself and all else is above 0x7F.
 * An ordinary tag allocates nothing.
 */
import {
  copyBytes,
  DASH,
  DQUOTE,
  EQUALS,
  GREATER_THAN,
  indexOf,
  LESS_THAN,
  latin1,
  lowerCase,
  SLASH,
} from '../mime/bytes.ts';
import { ElementNames, HtmlElement, isRawText } from './elements.ts';

export enum HtmlTokenKind {
  /** Text, or a piece of it. Raw text (script, style) and what follows `<plaintext>` are text too; so is a CDATA section. */
  Text,
  StartTag,
  EndTag,
  /** Comments, doctypes, processing instructions, and a tag that the text's end cuts off: all that browsers pass over. */
  Comment,
}

/** Text first, then tags, then comments, then text again: `finish` and `closer` compare. */
enum State {
  Data,
  TagOpen,
  EndTagOpen,
  TagName,
  InTag,
  AttributeName,
  BeforeValue,
  DoubleQuoted,
  SingleQuoted,
  Unquoted,
  MarkupDeclaration,
  CommentStart,
  CdataStart,
  BogusComment,
  Comment,
  Cdata,
  Plaintext,
  RawText,
  RawTextLessThan,
  RawTextEndName,
  ScriptEscapeStart,
  ScriptEscapeStartDash,
  EscapedScript,
  ScriptName,
}

const QUOTE: i32 = 0x27;
const BANG: i32 = 0x21;
const QUESTION: i32 = 0x3f;
const RIGHT_BRACKET: i32 = 0x5d;

/** Bytes that are kept of a tag which a block's end cuts: its attributes are read as far as these go. */
const TAG_LIMIT: i32 = 8192;

const CDATA: string = '[CDATA[';
const SCRIPT: string = 'script';

export class HtmlTokenizer {
  kind: HtmlTokenKind = HtmlTokenKind.Text;
  /** The token's range, in units from the start of the text. */
  start: number = 0;
  end: number = 0;
  /** The element that a tag names: a HtmlElement, or a number of `names`. */
  element: i32 = HtmlElement.Unknown;
  selfClosing: boolean = false;
  /** A bit for each attribute of a tag: see attributeBit. Most tags need no second look for `style`. */
  attributeBits: i32 = 0;
  readonly names: ElementNames = new ElementNames();
  /** Set by who follows the structure: `<![CDATA[` begins a section in SVG and MathML, and a comment elsewhere. */
  hasCdata: boolean = false;
  /** What `findAttribute` found: attributeBytes[valueStart, valueEnd), with its character references as they are. */
  valueStart: i32 = 0;
  valueEnd: i32 = 0;

  private block: Uint8Array = new Uint8Array(0);
  private length: i32 = 0;
  /** What is read next, in the block. */
  private at: i32 = 0;
  /** Where the block starts in the text. */
  private base: number = 0;
  /** Where the token starts in the block; -1: in an earlier one. And where the one before ended. */
  private tokenFrom: i32 = 0;
  private tokenTo: i32 = 0;
  private state: State = State.Data;

  // The tag at hand: from its name to its `>`, first what is in `tagMemory`, then what is in the block.
  private readonly tagMemory: Uint8Array = new Uint8Array(TAG_LIMIT);
  private tagKept: i32 = 0;
  private tagFrom: i32 = 0;
  private tagTo: i32 = 0;
  private isEndTag: boolean = false;
  /** A `=` would go with the name before it. */
  private hasAttributeName: boolean = false;
  /** Where the name of an attribute starts in the block; -1: in another one. */
  private nameFrom: i32 = 0;
  /** Where the first attribute of each number (see numberOf) starts in the block. */
  private readonly attributeStarts: Int32Array = new Int32Array(32);

  /** How much is there of what is looked for: `[CDATA[`, the name of an end tag; -1 where it is something else. */
  private matched: i32 = 0;
  /** Where the content of a comment or section starts in the text, and the last three bytes before the block. */
  private contentStart: number = 0;
  private lastBytes: i32 = 0;

  /** The element whose content is text. */
  private rawElement: i32 = HtmlElement.Unknown;
  private rawName: string = '';
  /** In a script: 1 after `<!--`, 2 after `<!-- <script` ("script data escaped" and "double escaped"). */
  private escapes: i32 = 0;
  private dashes: i32 = 0;

  /**
   * The next units of the text. All tokens of the block before have been taken.
   * @param block borrowed until `advance` has returned false
   */
  feed(block: Uint8Array, length: i32): void {
    this.base += this.length;
    this.tokenTo = this.tokenTo === this.length ? 0 : -1;
    this.block = block;
    this.length = length;
    this.at = 0;
    this.tagFrom = 0;
    this.nameFrom = -1;
  }

  /** @returns false once the block is used up: a token that goes on in the next one is still to come */
  advance(): boolean {
    this.start = this.end;
    this.tokenFrom = this.tokenTo;
    while (this.at < this.length) if (this.step()) return true;
    return false;
  }

  /** The text ends here. @returns whether there is a last token: what the end cut off */
  finish(): boolean {
    this.start = this.end;
    this.tokenFrom = this.tokenTo;
    this.tokenTo = this.length;
    this.end = this.base + this.length;
    if (this.end === this.start) return false;
    const isText = this.state <= State.EndTagOpen || this.state >= State.Cdata;
    this.kind = isText ? HtmlTokenKind.Text : HtmlTokenKind.Comment;
    return true;
  }

  /** Called after a start tag: the element's content is not text here, since it is none of HTML's (in SVG and MathML). */
  readAsMarkup(): void {
    this.state = State.Data;
  }

  /** The element whose content is text, at the end of what was read; HtmlElement.Unknown where there is none. */
  get openRawText(): i32 {
    return this.state >= State.Plaintext ? this.rawElement : HtmlElement.Unknown;
  }

  /**
   * What to put at the end of what was read so that more HTML can follow: '', or what ends an open comment or raw text;
   * null where nothing can: in a tag, which would become one that it is not now, and after `<plaintext>`.
   */
  get closer(): string | null {
    if (this.state === State.Data) return '';
    if (this.state === State.Plaintext || this.state <= State.Unquoted) return null;
    if (this.state <= State.BogusComment) return '>';
    if (this.state === State.Comment) return '-->';
    if (this.state === State.Cdata) return ']]>';
    // A blank before it may complete a `<script` that makes a script escape twice.
    return this.escapes > 0 ? `--></${this.rawName}>` : `</${this.rawName}>`;
  }

  // The bytes of a text: bytes[textStart, textEnd), as far as they are in the block that was fed last

  get bytes(): Uint8Array {
    return this.block;
  }

  get textStart(): i32 {
    return max(this.tokenFrom, 0);
  }

  get textEnd(): i32 {
    return this.tokenTo;
  }

  /** All of the text is there. What is not is `<`, or a CDATA section. */
  get isTextWhole(): boolean {
    return this.tokenFrom >= 0;
  }

  // The attributes of a start tag, until `advance` is called again

  /** Whether a tag has an attribute; `valueStart` and `valueEnd` then tell its value. @param name in lower case */
  findAttribute(name: string): boolean {
    if (this.kind !== HtmlTokenKind.StartTag || (this.attributeBits & attributeBit(name)) === 0) return false;
    const isKept = this.tagKept > 0;
    const bytes = this.attributeBytes;
    const to = isKept ? this.tagKept : this.tagTo;
    let at = isKept ? 0 : this.attributeStarts[numberOfName(name)];
    if (isKept) at = endOfName(bytes, at, to);
    while (at < to) {
      if (isHtmlBlank(bytes[at]) || bytes[at] === SLASH) {
        at++;
        continue;
      }
      const nameStart = at;
      const nameEnd = endOfAttributeName(bytes, at + 1, to);
      at = this.readValue(bytes, nameEnd, to);
      if (equalsName(bytes, nameStart, nameEnd, name)) return true;
    }
    return false;
  }

  /** An attribute's value with its character references as they are; null where the tag has none of this name. */
  attribute(name: string): string | null {
    if (!this.findAttribute(name)) return null;
    return latin1(this.attributeBytes, this.valueStart, this.valueEnd);
  }

  get attributeBytes(): Uint8Array {
    return this.tagKept > 0 ? this.tagMemory : this.block;
  }

  /** Of a start tag: the same for two of one name whose attributes are written alike. */
  get attributesHash(): i32 {
    const bytes = this.attributeBytes;
    const to = this.tagKept > 0 ? this.tagKept : this.tagTo;
    let hash: i32 = 0;
    for (let i = this.tagKept > 0 ? 0 : this.tagFrom; i < to; i++) hash = ((hash << 5) - hash + bytes[i]) | 0;
    return hash;
  }

  /** The value after an attribute's name, if there is one. @returns where it ends */
  private readValue(bytes: Uint8Array, from: i32, to: i32): i32 {
    let at = from;
    while (at < to && isHtmlBlank(bytes[at])) at++;
    this.valueStart = at;
    this.valueEnd = at;
    if (at === to || bytes[at] !== EQUALS) return at;
    at++;
    while (at < to && isHtmlBlank(bytes[at])) at++;
    if (at < to && (bytes[at] === DQUOTE || bytes[at] === QUOTE)) {
      const end = indexOf(bytes, bytes[at], at + 1, to);
      this.valueStart = at + 1;
      this.valueEnd = end < 0 ? to : end;
      return min(this.valueEnd + 1, to);
    }
    this.valueStart = at;
    while (at < to && !isHtmlBlank(bytes[at])) at++;
    this.valueEnd = at;
    return at;
  }

  // The states. Each step takes one unit, or a run of units, or changes the state; it is true where a token ends.

  private step(): boolean {
    switch (this.state) {
      case State.Data:
        return this.inData();
      case State.TagOpen:
        return this.inTagOpen();
      case State.EndTagOpen:
        return this.inEndTagOpen();
      case State.MarkupDeclaration:
        return this.inMarkupDeclaration();
      case State.CommentStart:
        return this.inCommentStart();
      case State.CdataStart:
        return this.inCdataStart();
      case State.BogusComment:
        return this.inBogusComment();
      case State.Comment:
      case State.Cdata:
        return this.inComment();
      case State.Plaintext:
        return this.token(HtmlTokenKind.Text, this.length);
      case State.RawText:
        return this.inRawText();
      case State.RawTextLessThan:
        return this.inRawTextLessThan();
      case State.RawTextEndName:
        return this.inRawTextEndName();
      case State.ScriptEscapeStart:
      case State.ScriptEscapeStartDash:
        return this.inScriptEscapeStart();
      case State.EscapedScript:
        return this.inEscapedScript();
      case State.ScriptName:
        return this.inScriptName();
      default:
        return this.inTag();
    }
  }

  /** The token ends at `at` in the block. */
  private token(kind: HtmlTokenKind, at: i32): boolean {
    this.kind = kind;
    this.at = at;
    this.tokenTo = at;
    this.end = this.base + at;
    return true;
  }

  private enter(state: State, at: i32): boolean {
    this.state = state;
    this.at = at;
    return false;
  }

  /** The text before a `<` is a token of its own where a tag may begin there. */
  private inData(): boolean {
    const block = this.block;
    const length = this.length;
    // Mostly a tag follows the one before.
    let lt = block[this.at] === LESS_THAN ? this.at : indexOf(block, LESS_THAN, this.at + 1, length);
    while (lt >= 0) {
      if (lt + 1 === length || beginsMarkup(block[lt + 1])) {
        if (lt > this.tokenFrom) return this.token(HtmlTokenKind.Text, lt);
        this.enter(State.TagOpen, lt + 1);
        return lt + 1 < length && this.inTagOpen();
      }
      lt = indexOf(block, LESS_THAN, lt + 1, length);
    }
    return this.token(HtmlTokenKind.Text, length);
  }

  private inTagOpen(): boolean {
    const byte: i32 = this.block[this.at];
    if (isLetter(byte)) return this.beginTag(false, State.TagName);
    if (byte === SLASH) return this.enter(State.EndTagOpen, this.at + 1);
    if (byte === BANG) return this.enter(State.MarkupDeclaration, this.at + 1);
    return this.enter(byte === QUESTION ? State.BogusComment : State.Data, this.at);
  }

  private inEndTagOpen(): boolean {
    const byte: i32 = this.block[this.at];
    if (isLetter(byte)) return this.beginTag(true, State.TagName);
    return this.enter(State.BogusComment, this.at);
  }

  // Tags

  private beginTag(isEndTag: boolean, state: State): boolean {
    this.isEndTag = isEndTag;
    this.hasAttributeName = false;
    this.selfClosing = false;
    this.attributeBits = 0;
    this.tagKept = 0;
    this.tagFrom = this.at;
    this.state = state;
    return this.inTag();
  }

  private inTag(): boolean {
    const block = this.block;
    const length = this.length;
    let state = this.state;
    let at = this.at;
    while (at < length) {
      switch (state) {
        case State.TagName:
          at = endOfName(block, at, length);
          if (at === length) break;
          this.endName(at);
          state = State.InTag;
          break;
        case State.InTag: {
          const byte: i32 = block[at++];
          if (byte === GREATER_THAN) return this.endTag(at);
          if (byte === SLASH) {
            this.selfClosing = true;
            this.hasAttributeName = false;
          } else if (byte === EQUALS && this.hasAttributeName) {
            state = State.BeforeValue;
          } else {
            this.selfClosing = false;
            if (isHtmlBlank(byte)) break;
            this.nameFrom = at - 1;
            this.hasAttributeName = true;
            state = State.AttributeName;
          }
          break;
        }
        case State.AttributeName:
          at = endOfAttributeName(block, at, length);
          if (at === length) break;
          this.noteAttribute(at);
          state = State.InTag;
          break;
        case State.BeforeValue: {
          // A quote that does not follow a `=` is part of an attribute's name and quotes nothing.
          const byte: i32 = block[at];
          this.hasAttributeName = false;
          this.selfClosing = false;
          if (byte === DQUOTE) state = State.DoubleQuoted;
          else if (byte === QUOTE) state = State.SingleQuoted;
          else if (byte === GREATER_THAN) state = State.InTag;
          else if (!isHtmlBlank(byte)) state = State.Unquoted;
          if (byte !== GREATER_THAN) at++;
          break;
        }
        case State.Unquoted:
          while (at < length && block[at] !== GREATER_THAN && !isHtmlBlank(block[at])) at++;
          if (at < length) state = State.InTag;
          break;
        default: {
          const end = indexOf(block, state === State.DoubleQuoted ? DQUOTE : QUOTE, at, length);
          at = end < 0 ? length : end + 1;
          if (end >= 0) state = State.InTag;
        }
      }
    }
    this.keepTag(length);
    return this.enter(state, length);
  }

  private endName(at: i32): void {
    if (this.tagKept > 0) {
      this.keepTag(at);
      this.element = this.names.find(this.tagMemory, 0, this.tagKept);
    } else this.element = this.names.find(this.block, this.tagFrom, at);
  }

  private noteAttribute(end: i32): void {
    const from = this.nameFrom;
    if (from < 0) {
      this.attributeBits = -1;
      return;
    }
    const number = numberOf(this.block[from], this.block[end - 1], end - from);
    if ((this.attributeBits & (1 << number)) === 0) this.attributeStarts[number] = from;
    this.attributeBits |= 1 << number;
  }

  /** What stands in the block of the tag is kept, as another block comes. */
  private keepTag(to: i32): void {
    const end = min(to, this.tagFrom + TAG_LIMIT - this.tagKept);
    copyBytes(this.block, this.tagFrom, end, this.tagMemory, this.tagKept);
    this.tagKept += end - this.tagFrom;
    this.tagFrom = to;
  }

  private endTag(at: i32): boolean {
    this.tagTo = at - 1;
    if (this.tagKept > 0) this.keepTag(this.tagTo);
    this.state = State.Data;
    if (this.isEndTag) return this.token(HtmlTokenKind.EndTag, at);
    if (isRawText(this.element)) this.beginRawText();
    return this.token(HtmlTokenKind.StartTag, at);
  }

  // Comments and what counts as such

  private inMarkupDeclaration(): boolean {
    const byte: i32 = this.block[this.at];
    if (byte === DASH) return this.enter(State.CommentStart, this.at + 1);
    this.matched = 0;
    return this.enter(this.hasCdata ? State.CdataStart : State.BogusComment, this.at);
  }

  private inCommentStart(): boolean {
    if (this.block[this.at] !== DASH) return this.enter(State.BogusComment, this.at);
    return this.beginContent(State.Comment);
  }

  private inCdataStart(): boolean {
    if (this.block[this.at] !== CDATA.charCodeAt(this.matched))
      return this.enter(State.BogusComment, this.at);
    if (++this.matched === CDATA.length) return this.beginContent(State.Cdata);
    return this.enter(State.CdataStart, this.at + 1);
  }

  private beginContent(state: State): boolean {
    this.contentStart = this.base + this.at + 1;
    return this.enter(state, this.at + 1);
  }

  /** `<!doctype`, `<?`, `</3`, Outlook's `<![if …]>`: up to the next `>`, quotes or not. */
  private inBogusComment(): boolean {
    const gt = indexOf(this.block, GREATER_THAN, this.at, this.length);
    if (gt < 0) return this.enter(State.BogusComment, this.length);
    this.state = State.Data;
    return this.token(HtmlTokenKind.Comment, gt + 1);
  }

  private inComment(): boolean {
    let gt = indexOf(this.block, GREATER_THAN, this.at, this.length);
    while (gt >= 0) {
      if (this.state === State.Comment ? this.endsComment(gt) : this.endsCdata(gt)) {
        const kind = this.state === State.Comment ? HtmlTokenKind.Comment : HtmlTokenKind.Text;
        this.state = State.Data;
        return this.token(kind, gt + 1);
      }
      gt = indexOf(this.block, GREATER_THAN, gt + 1, this.length);
    }
    for (let i = max(this.length - 3, 0); i < this.length; i++) {
      this.lastBytes = ((this.lastBytes << 8) | this.block[i]) & 0xffffff;
    }
    return this.enter(this.state, this.length);
  }

  /** `-->`, `--!>`, and right at the start `>` and `->` (§13.2.5.43 to 52). */
  private endsComment(gt: i32): boolean {
    const length = this.base + gt - this.contentStart;
    if (length < 1) return true;
    const last = this.byteBefore(gt, 1);
    if (length < 2) return last === DASH;
    const beforeLast = this.byteBefore(gt, 2);
    if (last === DASH && beforeLast === DASH) return true;
    return length > 2 && last === BANG && beforeLast === DASH && this.byteBefore(gt, 3) === DASH;
  }

  private endsCdata(gt: i32): boolean {
    if (this.base + gt - this.contentStart < 2) return false;
    return this.byteBefore(gt, 1) === RIGHT_BRACKET && this.byteBefore(gt, 2) === RIGHT_BRACKET;
  }

  /** @param distance up to 3 */
  private byteBefore(at: i32, distance: i32): i32 {
    if (distance <= at) return this.block[at - distance];
    return (this.lastBytes >> (8 * (distance - at - 1))) & 0xff;
  }

  // Raw text

  private beginRawText(): void {
    this.rawElement = this.element;
    this.rawName = this.names.nameOf(this.element);
    this.escapes = 0;
    this.state = this.element === HtmlElement.Plaintext ? State.Plaintext : State.RawText;
  }

  private inRawText(): boolean {
    const block = this.block;
    let lt = indexOf(block, LESS_THAN, this.at, this.length);
    while (lt >= 0) {
      const mayEnd = lt + 1 === this.length || block[lt + 1] === SLASH;
      if (mayEnd && lt > this.tokenFrom) return this.token(HtmlTokenKind.Text, lt);
      const mayEscape = this.rawElement === HtmlElement.Script && !mayEnd && block[lt + 1] === BANG;
      if (mayEnd || mayEscape) return this.enter(State.RawTextLessThan, lt + 1);
      lt = indexOf(block, LESS_THAN, lt + 1, this.length);
    }
    return this.token(HtmlTokenKind.Text, this.length);
  }

  /** Back to the text, at the same unit: what began there is nothing special. */
  private leaveMatch(): boolean {
    return this.enter(this.escapes > 0 ? State.EscapedScript : State.RawText, this.at);
  }

  private inRawTextLessThan(): boolean {
    const byte: i32 = this.block[this.at];
    this.matched = 0;
    if (byte === SLASH)
      return this.enter(this.escapes > 1 ? State.ScriptName : State.RawTextEndName, this.at + 1);
    if (this.escapes === 1 && isLetter(byte)) return this.enter(State.ScriptName, this.at);
    const isScript = this.rawElement === HtmlElement.Script;
    if (isScript && this.escapes === 0 && byte === BANG)
      return this.enter(State.ScriptEscapeStart, this.at + 1);
    return this.leaveMatch();
  }

  /** An end tag is the element's own, and its name is followed by a blank, a slash or `>`. */
  private inRawTextEndName(): boolean {
    const byte: i32 = this.block[this.at];
    if (this.matched < this.rawName.length) {
      if (lowerCase(byte) !== this.rawName.charCodeAt(this.matched)) return this.leaveMatch();
      this.matched++;
      return this.enter(State.RawTextEndName, this.at + 1);
    }
    if (!endsName(byte)) return this.leaveMatch();
    this.element = this.rawElement;
    return this.beginTag(true, State.InTag);
  }

  private inScriptEscapeStart(): boolean {
    if (this.block[this.at] !== DASH) return this.leaveMatch();
    if (this.state === State.ScriptEscapeStart) return this.enter(State.ScriptEscapeStartDash, this.at + 1);
    this.escapes = 1;
    this.dashes = 2;
    return this.enter(State.EscapedScript, this.at + 1);
  }

  private inEscapedScript(): boolean {
    const block = this.block;
    for (let i = this.at; i < this.length; i++) {
      const byte: i32 = block[i];
      if (byte === DASH) {
        if (this.dashes < 2) this.dashes++;
        continue;
      }
      if (byte === LESS_THAN) {
        const mayEnd = this.escapes === 1 && (i + 1 === this.length || block[i + 1] === SLASH);
        if (mayEnd && i > this.tokenFrom) return this.token(HtmlTokenKind.Text, i);
        this.dashes = 0;
        return this.enter(State.RawTextLessThan, i + 1);
      }
      if (byte === GREATER_THAN && this.dashes === 2) {
        this.escapes = 0;
        return this.enter(State.RawText, i + 1);
      }
      this.dashes = 0;
    }
    return this.token(HtmlTokenKind.Text, this.length);
  }

  /** `<script` and `</script` in an escaped script lead in and out of a second level. */
  private inScriptName(): boolean {
    const byte: i32 = this.block[this.at];
    if (isLetter(byte)) {
      const isNext =
        this.matched >= 0 &&
        this.matched < SCRIPT.length &&
        lowerCase(byte) === SCRIPT.charCodeAt(this.matched);
      this.matched = isNext ? this.matched + 1 : -1;
      return this.enter(State.ScriptName, this.at + 1);
    }
    if (!endsName(byte)) return this.leaveMatch();
    if (this.matched === SCRIPT.length) this.escapes = 3 - this.escapes;
    return this.enter(State.EscapedScript, this.at + 1);
  }
}

/** White space of HTML (§13.1.2.3): form feeds are, vertical tabs are not. */
export function isHtmlBlank(byte: i32): boolean {
  return byte === 0x20 || (byte <= 0x0d && byte >= 0x09 && byte !== 0x0b);
}

/** What ends the name of a tag or an attribute. */
function endsName(byte: i32): boolean {
  return byte <= GREATER_THAN && (byte === GREATER_THAN || byte === SLASH || isHtmlBlank(byte));
}

/** Where the name of a tag ends, or `to`. */
function endOfName(bytes: Uint8Array, from: i32, to: i32): i32 {
  for (let at = from; at < to; at++) if (endsName(bytes[at])) return at;
  return to;
}

function endOfAttributeName(bytes: Uint8Array, from: i32, to: i32): i32 {
  for (let at = from; at < to; at++) {
    const byte: i32 = bytes[at];
    if (byte === EQUALS || endsName(byte)) return at;
  }
  return to;
}

function beginsMarkup(byte: i32): boolean {
  return isLetter(byte) || byte === SLASH || byte === BANG || byte === QUESTION;
}

function isLetter(byte: i32): boolean {
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** The bit in `attributeBits` that an attribute has, and perhaps others. @param name in lower case */
export function attributeBit(name: string): i32 {
  return 1 << numberOfName(name);
}

function numberOfName(name: string): i32 {
  return numberOf(name.charCodeAt(0), name.charCodeAt(name.length - 1), name.length);
}

/** The same for the same name: by its first and last bytes, in any case, and its length. */
function numberOf(first: i32, last: i32, length: i32): i32 {
  return (5 * lowerCase(first) + 3 * lowerCase(last) + length) & 31;
}

/** @param name in lower case */
function equalsName(bytes: Uint8Array, from: i32, to: i32, name: string): boolean {
  if (to - from !== name.length) return false;
  for (let i = from; i < to; i++) if (lowerCase(bytes[i]) !== name.charCodeAt(i - from)) return false;
  return true;
}
