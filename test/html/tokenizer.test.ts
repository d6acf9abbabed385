import fc from 'fast-check';
import { type Token, Tokenizer, TokenizerMode } from 'parse5';
import { describe, expect, it } from 'vitest';
import { HtmlTokenizer, HtmlTokenKind } from '../../src/html/tokenizer.ts';
import { htmlSoup } from '../helpers/html-soup.ts';
import { DEPTH } from '../helpers/insert.ts';

interface Found {
  kind: keyof typeof HtmlTokenKind;
  start: number;
  end: number;
  name?: string;
  attributes?: string[];
  selfClosing?: boolean;
}

const ATTRIBUTES = ['style', 'hidden', 'href', 'b'];

/** The tokens of a text that comes in blocks, all in the same memory, as it comes to the planner. */
function tokens(html: string, cuts: readonly number[] = [], hasCdata = false): Found[] {
  const tokenizer = new HtmlTokenizer();
  tokenizer.hasCdata = hasCdata;
  const found: Found[] = [];
  /** What the standard makes of a few bytes, which the tokenizer leaves as they are. */
  const standard = (text: string | null) => text?.replaceAll('\0', '\ufffd').replace(/\r\n?/g, '\n') ?? null;
  const take = () => {
    const { kind, start, end, element, selfClosing, names } = tokenizer;
    const isTag = kind === HtmlTokenKind.StartTag || kind === HtmlTokenKind.EndTag;
    found.push({
      kind: HtmlTokenKind[kind] as Found['kind'],
      start,
      end,
      ...(isTag ? { name: standard(names.nameOf(element))! } : {}),
      ...(kind === HtmlTokenKind.StartTag
        ? {
            selfClosing,
            attributes: ATTRIBUTES.map((name) => `${name}=${standard(tokenizer.attribute(name))}`),
          }
        : {}),
    });
    if (kind === HtmlTokenKind.Text) {
      const inBlock = Buffer.from(tokenizer.bytes).toString('latin1', tokenizer.textStart, tokenizer.textEnd);
      expect(html.slice(start, end).endsWith(inBlock)).toBe(true);
    }
  };
  const memory = Buffer.alloc(html.length);
  let from = 0;
  for (const cut of [...[...cuts].sort((a, b) => a - b), html.length]) {
    memory.fill('<').write(html.slice(from, cut), 'latin1');
    tokenizer.feed(memory, cut - from);
    while (tokenizer.advance()) take();
    from = cut;
  }
  if (tokenizer.finish()) take();
  return found;
}

/** Neighbouring texts are one: how they are cut is not said. */
function merged(all: readonly Found[]): Found[] {
  const out: Found[] = [];
  for (const token of all) {
    const last = out.at(-1);
    if (token.kind === 'Text' && last?.kind === 'Text') last.end = token.end;
    else out.push({ ...token });
  }
  return out;
}

/** The judge: parse5's tokenizer, told of raw text as its tree builder would. Text is what is between its tokens. */
function byParse5(html: string, hasCdata = false): Found[] {
  const found: Found[] = [];
  const ignore = () => {};
  const add = (kind: Found['kind'], token: Token.TagToken | Token.CommentToken | Token.DoctypeToken) => {
    const { startOffset: start, endOffset: end } = token.location!;
    if (!('tagName' in token)) found.push({ kind, start, end });
    else if (kind === 'EndTag') found.push({ kind, start, end, name: token.tagName });
    else {
      const values = new Map(token.attrs.map(({ name, value }) => [name, value]));
      const attributes = ATTRIBUTES.map((name) => `${name}=${values.get(name) ?? null}`);
      found.push({ kind, start, end, name: token.tagName, selfClosing: token.selfClosing, attributes });
    }
  };
  const tokenizer = new Tokenizer(
    { sourceCodeLocationInfo: true },
    {
      onStartTag(token) {
        add('StartTag', token);
        const name = token.tagName;
        if (['title', 'textarea'].includes(name)) tokenizer.state = TokenizerMode.RCDATA;
        else if (name === 'script') tokenizer.state = TokenizerMode.SCRIPT_DATA;
        else if (['style', 'xmp', 'iframe', 'noembed', 'noframes'].includes(name))
          tokenizer.state = TokenizerMode.RAWTEXT;
        else if (name === 'plaintext') tokenizer.state = TokenizerMode.PLAINTEXT;
      },
      onEndTag: (token) => add('EndTag', token),
      onComment: (token) => add('Comment', token),
      onDoctype: (token) => add('Comment', token),
      onEof: ignore,
      onCharacter: ignore,
      onNullCharacter: ignore,
      onWhitespaceCharacter: ignore,
    },
  );
  tokenizer.inForeignNode = hasCdata;
  tokenizer.write(html, true);
  return found;
}

/**
 * Without text; without `</>`, which is no token of parse5; and without a comment that the text's end cuts off, the place
 * of which parse5 is wrong about, or a tag, which it drops.
 */
function judged(all: readonly Found[], html: string): Found[] {
  return all.filter(({ kind, start, end }) => {
    if (kind === 'Comment') return end < html.length && html.slice(start, end) !== '</>';
    return kind !== 'Text';
  });
}

describe('HtmlTokenizer', () => {
  it('agrees with parse5 about any soup of tags', () => {
    fc.assert(
      fc.property(htmlSoup, fc.boolean(), (html, hasCdata) => {
        const expected = judged(byParse5(html, hasCdata), html);
        const actual = judged(tokens(html, [], hasCdata), html);
        expect(actual).toEqual(expected);
      }),
      { numRuns: 2000 * DEPTH },
    );
  });

  it('finds the same however the text is cut, and its tokens are the text', () => {
    fc.assert(
      fc.property(htmlSoup, fc.array(fc.nat(), { maxLength: 8 }), fc.boolean(), (html, cuts, hasCdata) => {
        const whole = merged(tokens(html, [], hasCdata));
        const places = cuts.map((cut) => cut % (html.length + 1));
        const everyByte = Array.from(html, (_, i) => i);
        for (const these of [places, everyByte]) {
          const pieces = tokens(html, these, hasCdata);
          let end = 0;
          for (const token of pieces) {
            expect(token.start).toBe(end);
            expect(token.end).toBeGreaterThan(token.start);
            end = token.end;
          }
          expect(end).toBe(html.length);
          expect(merged(pieces)).toEqual(whole);
        }
      }),
      { numRuns: 500 * DEPTH },
    );
  });
});
