import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { FooterPair } from '../../src/footer/footer-pair.ts';
import { ComposedFooters } from '../../src/insert/composed-footers.ts';
import { HtmlPlanner } from '../../src/insert/html-planner.ts';
import type { PartPlan } from '../../src/insert/part-planner.ts';
import { BufferSource } from '../../src/mime/buffer-source.ts';
import type { Edit } from '../../src/mime/edit.ts';
import type { Part } from '../../src/mime/part.ts';
import { Scanner } from '../../src/mime/scanner.ts';
import { TokenKind } from '../../src/mime/token.ts';
import { Window } from '../../src/mime/window.ts';

export interface PlannedHtml {
  readonly plan: PartPlan;
  readonly output: Buffer;
}

/** What HtmlPlanner makes of the first HTML part of a message, and the message that comes of it. */
export function planHtml(message: Uint8Array | string, footer: string, width = 65536): PlannedHtml {
  const input = Buffer.from(message as string, 'latin1');
  const source = new BufferSource(input);
  const scanner = new Scanner(new Window(source, 65536));
  let html: Part | undefined;
  while (scanner.advance()) {
    const { kind, part } = scanner;
    if (kind === TokenKind.PartEnd && !part.isMultipart && part.header!.mediaType === 'text/html')
      html ??= part;
  }
  const footers = new ComposedFooters(new FooterPair('', footer));
  const planner = new HtmlPlanner(new Window(source, width), html!, scanner.lineEnd, footers);
  while (planner.step());
  const { plan } = planner;
  return { plan, output: plan.edits.reduceRight(applied, input) };
}

function applied(input: Buffer, { start, end, bytes }: Edit): Buffer {
  return Buffer.concat([input.subarray(0, start), bytes, input.subarray(end)]);
}

/** The HTML that comes of a message of HTML alone, as characters U+0000 to U+00FF. */
export function withFooter(html: string, footer: string, header = 'Content-Type: text/html'): string {
  const head = `${header}\n\n`;
  return planHtml(head + html, footer)
    .output.toString('latin1')
    .slice(head.length);
}

type Node = DefaultTreeAdapterTypes.Node;

export interface Around {
  readonly name: string;
  readonly style: string;
  readonly isHidden: boolean;
}

/** The elements around the text that holds a marker, the innermost first; undefined where no text does. */
export function around(html: string, marker: string): Around[] | undefined {
  const text = textWith(parse(html, { scriptingEnabled: false }), marker);
  if (text === undefined) return undefined;
  const elements: Around[] = [];
  for (let node: Node | null = text.parentNode; node !== null && 'tagName' in node; node = node.parentNode) {
    const attributes = new Map(node.attrs.map(({ name, value }) => [name, value]));
    const style = attributes.get('style') ?? '';
    elements.push({ name: node.tagName, style, isHidden: attributes.has('hidden') });
  }
  return elements;
}

function textWith(node: Node, marker: string): DefaultTreeAdapterTypes.TextNode | undefined {
  if (node.nodeName === '#text') {
    const text = node as DefaultTreeAdapterTypes.TextNode;
    return text.value.includes(marker) ? text : undefined;
  }
  for (const child of 'childNodes' in node ? node.childNodes : []) {
    const found = textWith(child, marker);
    if (found) return found;
  }
  return undefined;
}

/** The text in the order in which a browser shows it. */
export function shown(html: string): string {
  const textOf = (node: Node): string => {
    if ('value' in node) return node.value;
    return 'childNodes' in node ? node.childNodes.map(textOf).join(' ') : '';
  };
  return textOf(parse(html)).replace(/\s+/g, ' ').trim();
}
