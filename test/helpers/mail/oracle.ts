/**
 * Where the footer belongs, read off the tree of a message. Written from the specification's table alone, on the
 * whole tree and by recursion, so that it cannot share a mistake with the streaming placement.
 */
import {
  asOwnPart,
  type FooterPlace,
  NOTHING,
  type Placement,
  type PlacementWishes,
  WRAPPED,
} from '../expectation.ts';
import type { Leaf, Multi, Tree } from './tree.ts';

/** Every placement that the table allows; undefined where the table does not say. */
export function placementsFor(root: Tree, wishes: PlacementWishes): readonly Placement[] | undefined {
  if (root.kind === 'leaf') return rootLeaf(root, wishes);
  if (root.subtype === 'signed') return wishes.signed === 'wrap' ? [WRAPPED] : [NOTHING];
  if (isClosedBook(root)) return [NOTHING];
  const body = bodyOf(root, '');
  if (body === 'unsaid') return undefined;
  if (body === 'nothing') return [NOTHING, WRAPPED];
  if (body === 'no text') {
    // In front of the attachments, or behind them: a stream may know only at the end that no text comes.
    return wishes.attachmentOnly === 'skip'
      ? [NOTHING]
      : [asOwnPart('0'), asOwnPart(String(root.children.length))];
  }
  return [body];
}

function rootLeaf(leaf: Leaf, wishes: PlacementWishes): readonly Placement[] {
  const kind = textKind(leaf);
  if (kind !== undefined && !isSetAside(leaf)) return [{ ...NOTHING, footer: [{ part: '1', kind }] }];
  if (leaf.type === 'application/pkcs7-mime') return [NOTHING];
  if (leaf.type.startsWith('text/') || leaf.type.startsWith('message/')) return [NOTHING, WRAPPED];
  return wishes.attachmentOnly === 'skip' ? [NOTHING] : [WRAPPED];
}

/** `nothing`: no text there that may be touched. `no text`: only attachments. `unsaid`: the table leaves it open. */
type Body = Placement | 'nothing' | 'no text' | 'unsaid';

/** @param isFile whether a file name alone makes an attachment of a text: it does in a multipart/mixed */
function bodyOf(tree: Tree, number: string, isFile = isAttachment): Body {
  if (tree.kind === 'leaf') {
    const kind = textKind(tree);
    return kind === undefined || isFile(tree) ? 'nothing' : { ...NOTHING, footer: [{ part: number, kind }] };
  }
  if (isClosedBook(tree)) return 'nothing';
  if (tree.children.length === 0) return 'unsaid';
  const childNumber = (i: number) => `${number === '' ? '' : `${number}.`}${i + 1}`;
  if (tree.subtype === 'alternative') return alternatives(tree, childNumber);
  if (tree.subtype === 'related') {
    const root = tree.start ?? tree.children.findIndex(mayBeRoot);
    const child = tree.children[root];
    if (child === undefined) return tree.start === undefined ? 'nothing' : 'unsaid';
    if (!mayBeRoot(child)) return 'unsaid';
    const body = bodyOf(child, childNumber(root), isSetAside);
    return body === 'no text' ? 'unsaid' : body;
  }
  return mixedBody(tree, childNumber);
}

function alternatives(tree: Multi, childNumber: (i: number) => string): Body {
  const places: FooterPlace[] = [];
  const hasText = tree.children.some((child) => child.kind === 'leaf' && isShown(child) && !isBlank(child));
  for (const [i, child] of tree.children.entries()) {
    const body = bodyOf(child, childNumber(i), isSetAside);
    if (body === 'nothing') continue;
    if (hasBlank(child)) {
      // What counts as blank where an alternative is made of several texts, the table does not say.
      if (tree.children.some((other) => other.kind === 'multi')) return 'unsaid';
      if (hasText) continue;
    }
    if (typeof body === 'string' || body.footer === 'none') return 'unsaid';
    places.push(...body.footer);
  }
  return places.length === 0 ? 'nothing' : { ...NOTHING, footer: places };
}

/** The end of what a reader sees as the body: text, inline pictures and bodies of their own, up to an attachment. */
function mixedBody(tree: Multi, childNumber: (i: number) => string): Body {
  const run: { body: Body; picture: boolean; number: string; nested: boolean }[] = [];
  for (const [i, child] of tree.children.entries()) {
    const number = childNumber(i);
    const picture =
      child.kind === 'leaf' && child.type.startsWith('image/') && child.disposition === 'inline';
    const body = bodyOf(child, number);
    // A picture that says nothing of itself may be part of the body or an attachment.
    if (child.kind === 'leaf' && child.type.startsWith('image/') && child.disposition === '') return 'unsaid';
    if (!picture && body === 'nothing') {
      if (child.kind === 'multi') return 'unsaid';
      break;
    }
    if (typeof body === 'string' && !picture) return 'unsaid';
    run.push({ body, picture, number, nested: child.kind === 'multi' });
  }
  const last = run.at(-1);
  if (last === undefined) {
    const later = tree.children.some(
      (child, i) => child.kind === 'multi' || bodyOf(child, childNumber(i)) !== 'nothing',
    );
    return later ? 'unsaid' : 'no text';
  }
  if (run.every((one) => one.picture)) return 'unsaid';
  if (run.some((one) => one.nested) && run.length > 1) return 'unsaid';
  return run.findLast((one) => !one.picture)!.body;
}

/** Untouched inside, whatever is in there. */
function isClosedBook(multi: Multi): boolean {
  return ['signed', 'encrypted', 'digest', 'report'].includes(multi.subtype);
}

function isAttachment(leaf: Leaf): boolean {
  return isSetAside(leaf) || leaf.filename !== '';
}

function isSetAside(leaf: Leaf): boolean {
  return leaf.disposition === 'attachment';
}

function isShown(leaf: Leaf): boolean {
  return textKind(leaf) !== undefined && !isSetAside(leaf);
}

/** A picture, an attachment or an empty part is no root. */
function mayBeRoot(child: Tree): boolean {
  return child.kind === 'multi' || (isShown(child) && child.content.trim() !== '');
}

function hasBlank(tree: Tree): boolean {
  return tree.kind === 'leaf' ? isBlank(tree) : tree.children.some(hasBlank);
}

/** Nothing that a reader would see. */
/** What browsers show nothing of: comments, titles and scripts with what is in them, and tags. */
const UNSEEN = /<!--.*?-->|<(title|script|style)\b[^>]*>.*?<\/\1>|<(?!img|hr)(?:"[^"]*"|[^>"])*>|&nbsp;/gs;

function isBlank(tree: Tree): boolean {
  if (tree.kind !== 'leaf' || !isShown(tree)) return false;
  const ink = textKind(tree) === 'html' ? tree.content.replace(UNSEEN, '') : tree.content;
  return ink.replace(/[\s\u00a0\u00ad\u200b-\u200f\u2060\ufeff]/g, '') === '';
}

function textKind(leaf: Leaf): 'text' | 'html' | undefined {
  if (leaf.type === '' || leaf.type === 'text/plain') return 'text';
  return leaf.type === 'text/html' ? 'html' : undefined;
}
