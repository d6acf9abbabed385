/**
 * The output's tree against the input's: what may have changed where, byte for byte. Walks both trees side by side;
 * everything between the changed places has to be identical.
 */
import { charsetOf, dissect, type Entity, parseParameters } from '../anatomy.ts';
import type { Placement } from '../expectation.ts';
import { bodyOf } from './bytes.ts';
import { base64Fault, commonPrefix, oneInsertion, quotedPrintableDecoded } from './insertion.ts';

const DASHES = Buffer.from('--');
const EQUALS = 0x3d;

interface Pair {
  readonly input: Buffer;
  readonly output: Buffer;
}

export function structureFaults(input: Buffer, output: Buffer, placement: Placement): string[] {
  const pair: Pair = { input, output };
  const before = dissect(input);
  const after = dissect(output);
  return placement.wrapped
    ? wrapFaults(pair, before, after)
    : entityFaults(pair, before, after, placement, true);
}

function entityFaults(
  pair: Pair,
  before: Entity,
  after: Entity,
  placement: Placement,
  isRoot: boolean,
): string[] {
  const name = before.number === '' ? 'the root' : `part ${before.number}`;
  const carries =
    placement.footer !== 'none' && placement.footer.some((place) => place.part === before.number);
  if (!carries && !hasChangeBelow(before, placement)) {
    const was = pair.input.subarray(before.start, before.end);
    const is = pair.output.subarray(after.start, after.end);
    return was.equals(is) ? [] : [`${name} should be identical and is not`];
  }
  const faults = headerFaults(pair, before, after, carries, isRoot).map((fault) => `${name}: ${fault}`);
  if (carries && before.children.length === 0) return [...faults, ...leafFaults(pair, before, after, name)];
  return [...faults, ...childrenFaults(pair, before, after, placement, name)];
}

function hasChangeBelow(entity: Entity, placement: Placement): boolean {
  const inside = (part: string) => entity.number === '' || part.startsWith(`${entity.number}.`);
  const own = placement.ownPart?.after;
  return (
    (placement.footer !== 'none' && placement.footer.some((place) => inside(place.part))) ||
    (own !== undefined && inside(own))
  );
}

function childrenFaults(
  pair: Pair,
  before: Entity,
  after: Entity,
  placement: Placement,
  name: string,
): string[] {
  const faults: string[] = [];
  const own = placement.ownPart?.after;
  const ownHere =
    own !== undefined && parentNumber(own) === before.number ? Number(own.split('.').at(-1)) : undefined;
  const kept = [...after.children];
  if (ownHere !== undefined) {
    const [added] = kept.splice(ownHere, 1);
    if (added === undefined || kept.length < before.children.length)
      return [`${name}: the footer's own part is missing`];
    if (added.disposition === 'attachment' || added.filename !== '') {
      faults.push(`${name}: the footer's own part would be shown as an attachment`);
    }
  }
  if (kept.length !== before.children.length) {
    return [...faults, `${name}: ${before.children.length} parts became ${after.children.length}`];
  }
  const skeleton = (message: Buffer, entity: Entity, children: readonly Entity[]): Buffer[] => {
    const edges = children.flatMap((child) => [child.start, child.end]);
    const ranges = [entity.bodyStart, ...edges, entity.end];
    return Array.from({ length: ranges.length / 2 }, (_, i) =>
      message.subarray(ranges[2 * i], ranges[2 * i + 1]),
    );
  };
  const was = skeleton(pair.input, before, before.children);
  const is = skeleton(pair.output, after, after.children);
  // In front of the first part, the boundary line that was put in is the one behind the footer's part.
  if (ownHere !== undefined) is.splice(Math.max(1, ownHere), 1);
  was.forEach((bytes, i) => {
    if (!bytes.equals(is[i] ?? Buffer.alloc(0))) {
      faults.push(
        `${name}: what stands ${i === 0 ? 'before' : `after part ${i} and before`} the next one changed`,
      );
    }
  });
  before.children.forEach((child, i) => {
    const twin = kept[i];
    if (twin !== undefined) faults.push(...entityFaults(pair, child, twin, placement, false));
  });
  return faults;
}

function parentNumber(number: string): string {
  return number.split('.').slice(0, -1).join('.');
}

function leafFaults(pair: Pair, before: Entity, after: Entity, name: string): string[] {
  const was = bodyOf(pair.input, before);
  const is = bodyOf(pair.output, after);
  const sameEncoding = standardEncoding(before.encoding) === standardEncoding(after.encoding);
  const reEncoded = !sameEncoding || charsetOf(before) !== charsetOf(after);
  if (oneInsertion(was, is) !== undefined) return [];
  // The decoded text of a re-encoded part is judged by the readers.
  if (reEncoded) return [];
  if (before.encoding === 'base64') {
    const fault = base64Fault(was, is);
    return fault === undefined ? [] : [`${name}: ${fault}`];
  }
  if (before.encoding === 'quoted-printable' && isWithDashesEncoded(was, is)) return [];
  return [`${name}: its bytes are not the original with one piece put in`];
}

/**
 * A piece of a line that begins with `--` and becomes a line of its own, where something is put in after it, might be a
 * delimiter: it may be written `=2D-`, and is then the same text.
 */
function isWithDashesEncoded(was: Buffer, is: Buffer): boolean {
  const same = commonPrefix(was, is);
  const start = was.lastIndexOf('\n', same - 1) + 1;
  const isEncoded = same === start && was.subarray(start, start + 2).equals(DASHES) && is[start] === EQUALS;
  return (
    isEncoded &&
    oneInsertion(quotedPrintableDecoded(was.subarray(start)), quotedPrintableDecoded(is.subarray(start))) !==
      undefined
  );
}

function standardEncoding(encoding: string): string {
  return encoding === '' ? '7bit' : encoding;
}

function headerFaults(
  pair: Pair,
  before: Entity,
  after: Entity,
  mayChange: boolean,
  isRoot: boolean,
): string[] {
  const was = pair.input.subarray(before.start, before.bodyStart);
  const is = pair.output.subarray(after.start, after.bodyStart);
  if (was.equals(is)) return [];
  if (!mayChange) return ['its header changed'];
  const changeable = new Set(['content-type', 'content-transfer-encoding']);
  const addable = new Set(changeable);
  if (isRoot && !before.fields.some((field) => field.name === 'mime-version')) addable.add('mime-version');
  const faults: string[] = [];
  if (!without(pair.input, before, changeable).equals(without(pair.output, after, addable))) {
    faults.push('fields other than Content-Type and Content-Transfer-Encoding changed');
  }
  const oldType = before.fields.find((field) => field.name === 'content-type');
  const newType = after.fields.find((field) => field.name === 'content-type');
  if (oldType !== undefined) {
    const old = parseParameters(oldType.value);
    const now = parseParameters(newType?.value ?? '');
    for (const key of new Set([...old.params.keys(), ...now.params.keys()])) {
      if (key !== 'charset' && old.params.get(key) !== now.params.get(key))
        faults.push(`Content-Type lost or gained ${key}`);
    }
    if (old.value !== now.value && /^[^\s/]+\/[^\s/]+$/.test(old.value))
      faults.push(`the type became ${now.value}`);
  }
  for (const field of changeable) {
    const count = after.fields.filter((one) => one.name === field).length;
    if (count > Math.max(1, before.fields.filter((one) => one.name === field).length))
      faults.push(`${field} twice`);
  }
  return faults;
}

/** An entity's header without the named fields. */
function without(message: Buffer, entity: Entity, names: ReadonlySet<string>): Buffer {
  const pieces: Buffer[] = [];
  let from = entity.start;
  for (const field of entity.fields) {
    if (!names.has(field.name)) continue;
    pieces.push(message.subarray(from, field.start));
    from = field.end;
  }
  return Buffer.concat([...pieces, message.subarray(from, entity.bodyStart)]);
}

function wrapFaults(pair: Pair, before: Entity, after: Entity): string[] {
  const faults: string[] = [];
  if (after.type !== 'multipart/mixed') return [`not wrapped: the root is ${after.type}`];
  const [original, footer] = after.children;
  if (original === undefined || footer === undefined || after.children.length !== 2) {
    return [`the wrap has ${after.children.length} parts instead of two`];
  }
  if (!after.closed) faults.push('the wrap is not closed');
  if (footer.disposition === 'attachment' || footer.filename !== '') {
    faults.push('the footer would be shown as an attachment');
  }
  const isContent = (field: { name: string }) => field.name.startsWith('content-');
  const content = before.fields.filter(isContent);
  const contentNames = new Set(content.map((field) => field.name));
  const added = new Set(['content-type', 'content-transfer-encoding']);
  if (!before.fields.some((field) => field.name === 'mime-version')) added.add('mime-version');
  if (!without(pair.input, before, contentNames).equals(without(pair.output, after, added))) {
    faults.push('the message header lost, gained or changed fields that do not begin with Content-');
  }
  const movedHeader = Buffer.concat(content.map((field) => pair.input.subarray(field.start, field.end)));
  const isHeader = pair.output.subarray(original.start, original.bodyStart);
  const blank = /\r?\n$/.exec(isHeader.toString('latin1'))?.[0] ?? '';
  if (!isHeader.equals(Buffer.concat([movedHeader, Buffer.from(blank)]))) {
    faults.push("the wrapped part's header is not the original's Content- fields");
  }
  const was = bodyOf(pair.input, before).toString('latin1');
  const is = bodyOf(pair.output, original).toString('latin1');
  if (is !== was && is !== was.replace(/\r?\n$/, ''))
    faults.push("the wrapped part's body is not the original body");
  return faults;
}
