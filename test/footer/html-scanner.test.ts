import fc from 'fast-check';
import { Tokenizer, TokenizerMode } from 'parse5';
import { describe, expect, it } from 'vitest';
import { type BodyEndTag, HtmlScanner } from '../../src/footer/html-scanner.ts';

function found(html: string, ...cuts: number[]): BodyEndTag[] {
  const tags: BodyEndTag[] = [];
  const scanner = new HtmlScanner((tag) => tags.push(tag));
  let from = 0;
  for (const cut of [...cuts.sort((a, b) => a - b), html.length]) {
    scanner.write(Buffer.from(html.slice(from, cut), 'latin1'));
    from = cut;
  }
  return tags;
}

/** The judge: parse5's tokenizer, told of raw-text elements as a browser's tree builder would. */
function byParse5(html: string): BodyEndTag[] {
  const tags: BodyEndTag[] = [];
  const ignore = () => {};
  const tokenizer = new Tokenizer(
    { sourceCodeLocationInfo: true },
    {
      onStartTag(token) {
        if (['title', 'textarea'].includes(token.tagName)) tokenizer.state = TokenizerMode.RCDATA;
        else if (token.tagName === 'script') tokenizer.state = TokenizerMode.RAWTEXT;
        else if (['style', 'xmp', 'iframe', 'noembed', 'noframes'].includes(token.tagName))
          tokenizer.state = TokenizerMode.RAWTEXT;
        else if (token.tagName === 'plaintext') tokenizer.state = TokenizerMode.PLAINTEXT;
      },
      onEndTag(token) {
        const name = token.tagName;
        if (name === 'body' || name === 'html') tags.push({ name, offset: token.location!.startOffset });
      },
      onComment: ignore,
      onDoctype: ignore,
      onEof: ignore,
      onCharacter: ignore,
      onNullCharacter: ignore,
      onWhitespaceCharacter: ignore,
    },
  );
  tokenizer.write(html, true);
  return tags;
}

const soup = fc
  .array(
    fc.constantFrom(
      '</body>',
      '</BODY >',
      '</body/',
      '</html>',
      '<body>',
      '<html',
      '<!--',
      '-->',
      '--!>',
      '<!-->',
      '<!--->',
      '<!',
      '<?',
      '</',
      '<',
      '>',
      '<script>',
      '</script>',
      '</script',
      '<style a="',
      '"',
      "'",
      '=',
      ' ',
      'x',
      '-',
      '--',
      '/',
      '<title>',
      '</title >',
      '<textarea>',
      '</textarea>',
      '<a href=',
      '<![endif]',
      '<!--[if mso]>',
      '<![endif]-->',
      '</bodyx>',
      '</b',
      'ody>',
      '\n',
      '\f',
      '<p>',
      '<a b=',
      '<a b="c" d=\'e\' f>',
      '<a="',
      '<i x = y',
      '<bodyguard>',
      '</p>',
      '<xmp>',
      '</xmp>',
      '\xe4',
    ),
    { maxLength: 40 },
  )
  .map((pieces) => pieces.join(''));

describe('HtmlScanner', () => {
  it.each([
    ['<p>x</p></body></html>', [8, 15]],
    ['<!-- </body> --></BODY\n>', [16]],
    ['<script>"</body>"</script></body>', [26]],
    ['<a title="</body>"></body>', [19]],
    ['<!--[if mso]></body><![endif]--></body>', [32]],
    ["</body/='</body></body>", [0, 16]],
    ['<a b="c"=\'></body>', [11]],
    ['no tags at all', []],
  ])('finds the real end tags of %j', (html, offsets) => {
    expect(found(html).map((tag) => tag.offset)).toEqual(offsets);
  });

  it('agrees with parse5 about any soup of tags', () => {
    fc.assert(
      fc.property(soup, (html) => {
        // An end tag that the text's end cuts off is a token here and none there; both show what is before it.
        const whole = `${html}>`;
        const judged = byParse5(whole);
        expect(found(whole).filter((tag) => tag.offset <= (judged.at(-1)?.offset ?? -1))).toEqual(judged);
      }),
      { numRuns: 3000 },
    );
  });

  it('finds the same however the text is cut', () => {
    fc.assert(
      fc.property(soup, fc.array(fc.nat(), { maxLength: 6 }), (html, cuts) => {
        expect(found(html, ...cuts.map((cut) => (html.length ? cut % html.length : 0)))).toEqual(found(html));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['<p>fine', ''],
    ['<!-- open', '-->'],
    ['<style>p {', '</style>'],
    ['<a href="x', undefined],
    ['<plaintext>', undefined],
  ])('knows what closes %j', (html, closer) => {
    const scanner = new HtmlScanner(() => {});
    scanner.write(Buffer.from(html));
    expect(scanner.closer).toBe(closer);
  });
});
