// HTML as a stream of tokens, as the HTML standard's tokenizer (§13.2.5) finds them. Lossless: the ranges of all
// tokens, one after the other, are the text.

export enum HtmlTokenKind {
  /** Text, or a piece of it. Raw text (script, style) and what follows `<plaintext>` are text too. */
  Text,
  StartTag,
  EndTag,
  /** Comments, doctypes, processing instructions and what else is passed over. */
  Comment,
}
