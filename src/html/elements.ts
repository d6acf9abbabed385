// The elements of HTML by number, and the groups in which the standard's rules speak of them.
import { bytesOf, latin1, lowerCase } from '../mime/bytes.ts';

/**
 * Elements that some rule names, in groups: a group is a range, so that asking for it costs two comparisons. Names
 * that are not here have numbers of their own from ElementNames, above these.
 */
export enum HtmlElement {
  /** Any name that is too long, or one too many, to be told from others. */
  Unknown,

  // Formatting (§13.2.4.2): opened again where the elements around them end.
  A,
  B,
  Big,
  Code,
  Em,
  Font,
  I,
  Nobr,
  S,
  Small,
  Strike,
  Strong,
  Tt,
  U,

  // Other elements within a line of text, which may restyle it.
  Abbr,
  Acronym,
  Bdi,
  Bdo,
  Blink,
  Cite,
  Data,
  Del,
  Dfn,
  Ins,
  Kbd,
  Label,
  Mark,
  Output,
  Q,
  Samp,
  Span,
  Sub,
  Sup,
  Time,
  Var,

  // Ruby.
  Rb,
  Rp,
  Rt,
  Rtc,
  Ruby,

  // Without content and end tag (§13.1.2), with those that are obsolete.
  Area,
  Base,
  Basefont,
  Bgsound,
  Br,
  Col,
  Embed,
  Frame,
  Hr,
  Image,
  Img,
  Input,
  Keygen,
  Link,
  Meta,
  Param,
  Source,
  Track,
  Wbr,

  // Their content is text until their own end tag (§13.2.6, scripting off).
  Iframe,
  Noembed,
  Noframes,
  Script,
  Style,
  Textarea,
  Title,
  Xmp,
  Plaintext,

  // Headings.
  H1,
  H2,
  H3,
  H4,
  H5,
  H6,

  // Blocks that end an open paragraph, and that only their own end tag ends.
  Address,
  Article,
  Aside,
  Blockquote,
  Center,
  Details,
  Dialog,
  Dir,
  Div,
  Dl,
  Fieldset,
  Figcaption,
  Figure,
  Footer,
  Form,
  Header,
  Hgroup,
  Listing,
  Main,
  Menu,
  Nav,
  Ol,
  Pre,
  Search,
  Section,
  Summary,
  Ul,

  // Paragraphs and items of lists.
  P,
  Dd,
  Dt,
  Li,

  // Tables: cells, rows, groups of rows, and the rest.
  Td,
  Th,
  Tr,
  Tbody,
  Tfoot,
  Thead,
  Caption,
  Colgroup,
  Table,

  // The document.
  Html,
  Head,
  Body,
  Frameset,

  // Nothing in them reaches what is around them.
  Applet,
  Marquee,
  Object,
  Template,
  Select,

  Button,
  Noscript,

  // Without rules of their own, but for what they show.
  Audio,
  Canvas,
  Datalist,
  Legend,
  Map,
  Meter,
  Optgroup,
  Option,
  Picture,
  Progress,
  Slot,
  Video,

  // What is not HTML, and where HTML begins again in it (§13.2.6.5).
  Math,
  Svg,
  AnnotationXml,
  Desc,
  ForeignObject,
  Malignmark,
  Mglyph,
  Mi,
  Mn,
  Mo,
  Ms,
  Mtext,

  /** Not of any standard: Outlook puts it into every paragraph. */
  OfficeParagraph,

  /** The first number for names that are not here. */
  FirstOther,
}

/** In the order of HtmlElement. */
const NAMES: string =
  'a b big code em font i nobr s small strike strong tt u ' +
  'abbr acronym bdi bdo blink cite data del dfn ins kbd label mark output q samp span sub sup time var ' +
  'rb rp rt rtc ruby ' +
  'area base basefont bgsound br col embed frame hr image img input keygen link meta param source track wbr ' +
  'iframe noembed noframes script style textarea title xmp plaintext ' +
  'h1 h2 h3 h4 h5 h6 ' +
  'address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form ' +
  'header hgroup listing main menu nav ol pre search section summary ul ' +
  'p dd dt li ' +
  'td th tr tbody tfoot thead caption colgroup table ' +
  'html head body frameset ' +
  'applet marquee object template select ' +
  'button noscript ' +
  'audio canvas datalist legend map meter optgroup option picture progress slot video ' +
  'math svg annotation-xml desc foreignobject malignmark mglyph mi mn mo ms mtext ' +
  'o:p ';

/** How many names of one text, beyond those above, are told apart. Numbers stay below 256. */
const OTHERS_LIMIT: i32 = 64;

/** Bytes: longer names are not told apart. */
const NAME_LIMIT: i32 = 64;

/** Elements with a number, the names of one text included. */
export const ELEMENT_COUNT: i32 = HtmlElement.FirstOther + OTHERS_LIMIT;

/** A power of two, more than twice as many as there are names: few searches take a second look. */
const SLOTS: i32 = 1024;

const FIRST_LETTER: i32 = 0x61;
const LETTERS: i32 = 26;

/** Finds the numbers of names. One for each text: it learns those that are not in HtmlElement. */
export class ElementNames {
  private readonly text: Uint8Array = new Uint8Array(NAMES.length + OTHERS_LIMIT * NAME_LIMIT);
  /** Where in `text` each name starts, by number; it ends where the next one starts. */
  private readonly starts: Uint16Array = new Uint16Array(ELEMENT_COUNT + 1);
  private readonly slots: Uint8Array = new Uint8Array(SLOTS);
  private count: i32 = HtmlElement.Unknown + 1;
  /** The elements that are a letter, 0 for others: half of all tags are `<p>`, `<a>` or `<b>`. */
  private readonly letters: Uint8Array = new Uint8Array(LETTERS);

  constructor() {
    const names = bytesOf(NAMES);
    let from = 0;
    for (let i = 0; i < names.length; i++) {
      if (names[i] !== 0x20) continue;
      const element = this.learn(names, from, i, this.slotOf(names, from, i));
      if (i - from === 1) this.letters[names[from] - FIRST_LETTER] = u8(element);
      from = i + 1;
    }
  }

  /** The number of the element that bytes[from, to) name, in upper or lower case. Nothing is allocated. */
  find(bytes: Uint8Array, from: i32, to: i32): i32 {
    if (to - from === 1) {
      const letter = lowerCase(bytes[from]) - FIRST_LETTER;
      if (letter >= 0 && letter < LETTERS && this.letters[letter] > 0) return this.letters[letter];
    }
    if (to - from > NAME_LIMIT) return HtmlElement.Unknown;
    const slot = this.slotOf(bytes, from, to);
    const known: i32 = this.slots[slot];
    if (known > 0 || this.count === ELEMENT_COUNT) return known;
    return this.learn(bytes, from, to, slot);
  }

  /** The name in lower case; '' for HtmlElement.Unknown. Characters U+0080 to U+00FF stand for bytes. */
  nameOf(element: i32): string {
    return latin1(this.text, this.starts[element], this.starts[element + 1]);
  }

  /** The slot of a name, or the free one where it belongs. */
  private slotOf(bytes: Uint8Array, from: i32, to: i32): i32 {
    let hash: i32 = 0;
    for (let i = from; i < to; i++) hash = ((hash << 5) - hash + lowerCase(bytes[i])) | 0;
    let slot = (hash ^ (hash >> 10)) & (SLOTS - 1);
    while (this.slots[slot] > 0 && !this.is(this.slots[slot], bytes, from, to))
      slot = (slot + 1) & (SLOTS - 1);
    return slot;
  }

  private is(element: i32, bytes: Uint8Array, from: i32, to: i32): boolean {
    const start: i32 = this.starts[element];
    if (this.starts[element + 1] - start !== to - from) return false;
    for (let i = from; i < to; i++) if (this.text[start + i - from] !== lowerCase(bytes[i])) return false;
    return true;
  }

  private learn(bytes: Uint8Array, from: i32, to: i32, slot: i32): i32 {
    const element = this.count++;
    let end: i32 = this.starts[element];
    for (let i = from; i < to; i++) this.text[end++] = u8(lowerCase(bytes[i]));
    this.starts[element + 1] = u16(end);
    this.slots[slot] = u8(element);
    return element;
  }
}

// Groups

export function isFormatting(element: i32): boolean {
  return element >= HtmlElement.A && element <= HtmlElement.U;
}

/** An element within a line of text: formatting and the like. */
export function isPhrasing(element: i32): boolean {
  return element >= HtmlElement.A && element <= HtmlElement.Var;
}

export function isVoid(element: i32): boolean {
  return element >= HtmlElement.Area && element <= HtmlElement.Wbr;
}

/** Its content is text, `<plaintext>` included. */
export function isRawText(element: i32): boolean {
  return element >= HtmlElement.Iframe && element <= HtmlElement.Plaintext;
}

export function isHeading(element: i32): boolean {
  return element >= HtmlElement.H1 && element <= HtmlElement.H6;
}

/** A block whose start tag ends a paragraph and whose end tag ends all that is open in it. */
export function isBlock(element: i32): boolean {
  return element >= HtmlElement.Address && element <= HtmlElement.Ul;
}

export function isCell(element: i32): boolean {
  return element === HtmlElement.Td || element === HtmlElement.Th;
}

export function isRowGroup(element: i32): boolean {
  return element >= HtmlElement.Tbody && element <= HtmlElement.Thead;
}

/** A part of a table that holds text. */
export function isTextPart(element: i32): boolean {
  return isCell(element) || element === HtmlElement.Caption;
}

/** What only tables have: `<td>` to `<table>`. */
export function isTablePart(element: i32): boolean {
  return element >= HtmlElement.Td && element <= HtmlElement.Table;
}

/** Nothing inside reaches what is around it: "has an element in scope" stops here (§13.2.4.2). */
export function isScopeBoundary(element: i32): boolean {
  if (element >= HtmlElement.Applet && element <= HtmlElement.Select) return true;
  return (
    isCell(element) ||
    (element >= HtmlElement.Caption && element <= HtmlElement.Html && element !== HtmlElement.Colgroup)
  );
}

/** The standard's "special" elements (§13.2.4.2): end tags of others do not reach beyond them. */
export function isSpecial(element: i32): boolean {
  if (element >= HtmlElement.Area && element <= HtmlElement.Noscript) return element !== HtmlElement.Dialog;
  return false;
}

/** Their end tags may be missing (§13.2.6.3, "generate implied end tags"). */
export function hasImpliedEnd(element: i32): boolean {
  if (element >= HtmlElement.P && element <= HtmlElement.Li) return true;
  if (element >= HtmlElement.Rb && element <= HtmlElement.Rtc) return true;
  return element === HtmlElement.Option || element === HtmlElement.Optgroup;
}
