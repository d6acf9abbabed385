import { describe, expect, it } from 'vitest';
import { Trait } from '../../src/html/element-stack.ts';
import { HtmlTokenizer } from '../../src/html/tokenizer.ts';
import { Visibility } from '../../src/html/visibility.ts';

function tag(html: string): HtmlTokenizer {
  const tokenizer = new HtmlTokenizer();
  const bytes = Buffer.from(html);
  tokenizer.feed(bytes, bytes.length);
  tokenizer.advance();
  return tokenizer;
}

function traits(html: string): string {
  const found = new Visibility().traitsOf(tag(html));
  const names = [
    [Trait.Hides, 'hides'],
    [Trait.HidesText, 'hides text'],
    [Trait.ShowsText, 'shows text'],
  ] as const;
  return names.flatMap(([trait, name]) => (found & trait ? [name] : [])).join(', ');
}

const styled = (style: string) => traits(`<div style="${style}">`);

describe('a tag tells whether its content is shown', () => {
  it.each([
    ['<div>', ''],
    ['<div hidden>', 'hides'],
    ['<div HIDDEN=until-found>', 'hides'],
    ['<div class=hidden height=0>', ''],
    ['<div style=display:none>', 'hides'],
    ["<div a=1 STYLE='Display : None !important'>", 'hides'],
    ['<details>', 'hides text'],
    ['<details open>', ''],
    ['<dialog>', 'hides'],
    ['<dialog open style="display:none">', 'hides'],
    ['<div style>', ''],
    ['<div style="">', ''],
    ['<div style="display:none', ''],
  ])('%s', (html, expected) => expect(traits(html)).toBe(expected));

  it.each([
    ['color:red;display:none', 'hides'],
    ['display:block', ''],
    ['display:nonesuch', ''],
    ['not-display:none', ''],
    ['display', ''],
    [';;display:none', 'hides'],
    ['visibility:hidden', 'hides text'],
    ['visibility:visible', 'shows text'],
    ['visibility: collapse', 'hides text'],
    ['font-size:0', 'hides text'],
    ['font-size:0px', 'hides text'],
    ['font-size:1px', 'hides text'],
    ['font-size:.1em', 'hides text'],
    ['font-size:0.9em', 'shows text'],
    ['font-size:14px', 'shows text'],
    ['font-size:5%', 'hides text'],
    ['font-size:small', ''],
    ['font:0/0 a', 'hides text'],
    ['font: bold 700 12px/14px Arial', 'shows text'],
    ['font:inherit', ''],
    ['max-height:0', 'hides'],
    ['max-height:0px;', 'hides'],
    ['max-height:100%', ''],
    ['max-height:1%', ''],
    ['max-height:none', ''],
    ['height:0', ''],
    ['height:0;overflow:hidden', 'hides'],
    ['overflow : hidden; max-width: 0px', 'hides'],
    ['overflow:hidden;width:600px', ''],
    ['opacity:0', 'hides'],
    ['opacity: 0.01', 'hides'],
    ['opacity:1', ''],
    ['opacity:.5', ''],
    ['mso-hide:all', 'hides'],
    ['text-indent:-9999px', 'hides text'],
    ['text-indent:-1em', ''],
    ['position:absolute;left:-10000px', 'hides'],
    ['top:-5px', ''],
    ['max-height:-0.0', 'hides'],
    ['max-height:.', ''],
    ['max-height:99999999999999999999999999', ''],
  ])('style="%s"', (style, expected) => expect(styled(style)).toBe(expected));

  it.each([
    ['display:/* no */none', 'hides'],
    ['/* display:none', ''],
    ['/* ; */display:none', 'hides'],
    ['font-family:&quot;Arial&quot;;display:none', 'hides'],
    ['display&#58;none', 'hides'],
    ['&#x64;isplay:none', 'hides'],
    ['\\64 isplay:none', 'hides'],
    ['d\\isplay:none', 'hides'],
    ['display:none\\', 'hides'],
    ['&', ''],
    ['&#', ''],
    ['&#x', ''],
    ['\\', ''],
    ['&#9999999999;', ''],
    ['\\0', ''],
  ])('as CSS and HTML spell it: %s', (style, expected) => expect(styled(style)).toBe(expected));

  it('of a style as long as it likes, the first few thousand bytes', () => {
    expect(styled(`${'a:b;'.repeat(500)}display:none`)).toBe('hides');
    expect(styled(`${'a:b;'.repeat(5000)}display:none`)).toBe('');
    expect(styled(`${'&#97;'.repeat(5000)}`)).toBe('');
    expect(styled(`font:${' 1'.repeat(3000)}`)).toBe('');
  });

  it.each([
    ['<img width=1 height=1>', true],
    ['<img width="1px" height=20>', true],
    ['<img height=0>', true],
    ['<img width="100%" height=20>', false],
    ['<img width="1%">', false],
    ['<img width=120>', false],
    ['<img>', false],
    ['<img width=a>', false],
  ])('%s is a pixel: %s', (html, expected) => expect(new Visibility().isPixel(tag(html))).toBe(expected));
});
