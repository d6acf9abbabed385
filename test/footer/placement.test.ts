import { describe, expect, it } from 'vitest';
import type { PlacementWishes } from '../../src/footer/footer.ts';
import { Placement } from '../../src/footer/placement.ts';
import { Scanner } from '../../src/mime/scanner.ts';
import { DEFAULT_WISHES } from '../helpers/expectation.ts';

/**
 * A tree in short: `mixed[plain, png, plain, pdf!]`. Names are the subtypes below, `!` makes an attachment, `~` an
 * inline part with a file name.
 */
const TYPES: Readonly<Record<string, string>> = {
  plain: 'text/plain',
  html: 'text/html',
  calendar: 'text/calendar',
  png: 'image/png',
  pdf: 'application/pdf',
  message: 'message/rfc822',
  p7m: 'application/pkcs7-mime',
};

function message(tree: string, depth = 0): string {
  const multipart = /^(\w+)([!~]?)\[(.*)\]$/.exec(tree);
  if (!multipart) {
    const [, name = '', mark] = /^(\w+)([!~]?)$/.exec(tree)!;
    const field = dispositionField(mark);
    return `Content-Type: ${TYPES[name] ?? name}\n${field}\ncontent\n`;
  }
  const [, kind, mark, inner = ''] = multipart;
  const parts = splitTopLevel(inner).map((part) => `--b${depth}\n${message(part, depth + 1)}`);
  return `Content-Type: multipart/${kind}; boundary=b${depth}\n${dispositionField(mark)}\n${parts.join('')}--b${depth}--\n`;
}

function dispositionField(mark: string | undefined): string {
  if (!mark) return '';
  return `Content-Disposition: ${mark === '!' ? 'attachment' : 'inline'}; filename=x\n`;
}

function splitTopLevel(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const c of list) {
    depth += c === '[' ? 1 : c === ']' ? -1 : 0;
    if (c === ',' && depth === 0) {
      parts.push(part.trim());
      part = '';
    } else part += c;
  }
  return [...parts, part.trim()].filter((one) => one !== '');
}

/** Where the footer goes, as part numbers: `1.2` into that part, `+1.2` as a part of its own behind it, `wrap`. */
function placed(tree: string, wishes: Partial<PlacementWishes> = {}): string[] {
  const placement = new Placement({ ...DEFAULT_WISHES, ...wishes });
  const places: string[] = [];
  const path: number[] = [];
  let open: string | undefined;
  let last = '';
  const settle = (settlement: ReturnType<Placement['close']>) => {
    if (settlement?.place === 'here') places.push(open!);
    if (settlement?.place === 'beside') places.push(`+${last}`);
    if (settlement?.place !== 'beside') open = undefined;
  };
  const scanner = new Scanner((token) => {
    if (token.type === 'header-end') {
      if (path.length > 0) path[path.length - 1]!++;
      const { settlement, action } = placement.enter(token.header);
      settle(settlement);
      const number = path.join('.') || '1';
      last = number;
      if (action.do === 'wrap') places.push('wrap');
      if (action.do === 'edit' && action.tentative) open = number;
      if (action.do === 'edit' && !action.tentative) {
        places.push(number);
        placement.added(action.kind);
      }
      if (token.header.boundary !== undefined) path.push(0);
    }
    if (token.type === 'delimiter' && token.closing) settle(placement.close());
    if (token.type === 'part-end' && token.of === 'multipart') {
      settle(placement.close());
      placement.leave();
      path.pop();
      last = path.join('.') || '1';
    }
  });
  scanner.write(Buffer.from(message(tree)));
  scanner.end();
  return places;
}

describe('Placement', () => {
  it.each([
    ['plain', ['1']],
    ['html', ['1']],
    ['alternative[plain, html]', ['1', '2']],
    ['alternative[plain, related[html, png]]', ['1', '2.1']],
    ['alternative[plain, mixed[html, pdf!, html]]', ['1', '2.1']],
    ['alternative[plain, html, calendar]', ['1', '2']],
    ['related[html, png]', ['1']],
    ['related[alternative[plain, html], png]', ['1.1', '1.2']],
    ['mixed[plain, pdf!]', ['1']],
    ['mixed[plain, png~, plain, pdf!]', ['3']],
    ['mixed[plain, png, plain]', ['3']],
    ['mixed[plain, png~]', ['+2']],
    ['mixed[plain, png~, pdf!]', ['+2']],
    ['mixed[plain, plain!]', ['1']],
    ['mixed[plain, plain~]', ['1']],
    ['mixed[pdf!, plain]', ['2']],
    ['mixed[plain, html]', ['2']],
    ['mixed[alternative[plain, html], pdf!]', ['1.1', '1.2']],
    ['mixed[plain, alternative[plain, html], pdf!]', ['2.1', '2.2']],
    ['mixed[plain, alternative[calendar], pdf!]', ['+2']],
    ['mixed[mixed[plain, pdf!], pdf!]', ['1.1']],
    ['mixed[mixed[pdf!], plain]', ['2']],
    ['mixed[plain, message]', ['1']],
    ['mixed[plain, signed[plain, pdf!]]', ['1']],
    ['x_unknown[plain, pdf!]', ['1']],
    ['png', ['wrap']],
    ['pdf', ['wrap']],
    ['mixed[pdf!, pdf!]', ['+2']],
    ['signed[plain, pdf]', []],
    ['mixed[signed[plain, pdf], pdf!]', []],
    ['mixed[signed[plain, pdf], plain]', ['2']],
    ['encrypted[pdf, pdf]', []],
    ['mixed[p7m]', []],
    ['p7m', []],
    ['report[plain, message]', []],
    ['digest[message, message]', []],
    ['message', []],
    ['calendar', []],
    ['mixed[plain, alternative![plain, html]]', ['1']],
    ['mixed[plain, related![html, png]]', ['1']],
    ['mixed[mixed![plain], plain]', ['2']],
    ['mixed[mixed![plain]]', ['+1']],
    ['mixed[alternative~[plain, html], pdf!]', ['1.1', '1.2']],
  ])('%s: %j', (tree, expected) => {
    expect(placed(tree)).toEqual(expected);
  });

  it.each([
    ['signed[plain, pdf]', ['wrap']],
    ['mixed[signed[plain, pdf], pdf!]', ['+1']],
    ['mixed[signed[plain, pdf]]', ['+1']],
    ['alternative[signed[plain, pdf], html]', ['2']],
  ])('with amime-signed = wrap, %s: %j', (tree, expected) => {
    expect(placed(tree, { signed: 'wrap' })).toEqual(expected);
  });

  it('says of a multipart that contradicts itself that it does', () => {
    let action: ReturnType<Placement['enter']>['action'] | undefined;
    const scanner = new Scanner((token) => {
      if (token.type === 'header-end') action = new Placement(DEFAULT_WISHES).enter(token.header).action;
    });
    scanner.write(Buffer.from('Content-Type: multipart/mixed; boundary=a\nContent-Type: text/html\n\n'));
    scanner.end();
    expect(action).toEqual({ do: 'leave', reason: 'unclear header' });
  });

  it.each(['png', 'mixed[pdf!]'])('with amime-attachment-only = skip, %s gets none', (tree) => {
    expect(placed(tree, { attachmentOnly: 'skip' })).toEqual([]);
  });
});
