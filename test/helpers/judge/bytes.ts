/** Laws about bytes and lines that hold for every output whatever its MIME structure. */
import { dissect, type Entity, entities } from '../anatomy.ts';
import { base64IsStrict } from './insertion.ts';

const LONGEST_LINE = 998;
const LONGEST_QP_LINE = 76;

export function byteFaults(input: Buffer, output: Buffer): string[] {
  const faults: string[] = [];
  if (output.length > 0 && output.at(-1) !== 0x0a) faults.push('the output does not end in a newline');
  if (input.equals(output)) return faults;
  if (isSevenBit(input) && hasEightBit(output)) faults.push('8-bit bytes in a message that was 7-bit clean');
  // An overlong line into which a footer goes may become two: what stood on either side of the seam is the author's.
  const longBefore = linesLongerThan(LONGEST_LINE, input);
  const longAfter = linesLongerThan(LONGEST_LINE, output) - Math.min(longBefore, 1);
  if (longAfter > longBefore) {
    faults.push(`${longAfter - longBefore} more line(s) over ${LONGEST_LINE} bytes than before`);
  }
  const endings = { before: lineEndings(input), after: lineEndings(output) };
  if (endings.before.crlf === 0 && endings.after.cr > endings.before.cr) {
    faults.push(`${endings.after.cr - endings.before.cr} carriage return(s) added to an LF message`);
  }
  if (endings.before.crlf > 0 && endings.before.bareLf === 0 && endings.after.bareLf > 0) {
    faults.push(`${endings.after.bareLf} lone LF added to a CRLF message`);
  }
  faults.push(...encodingFaults(input, output));
  return faults;
}

/** QP lines no longer than 76 and base64 without garbage, counted over all leaves: not more trouble than before. */
function encodingFaults(input: Buffer, output: Buffer): string[] {
  const before = encodingTrouble(input);
  const after = encodingTrouble(output);
  const faults: string[] = [];
  if (after.longQp > before.longQp) faults.push(`quoted-printable lines longer than ${LONGEST_QP_LINE}`);
  if (after.badQp > before.badQp) faults.push('malformed quoted-printable (a stray "=" or an 8-bit byte)');
  if (after.badBase64 > before.badBase64) faults.push('malformed base64');
  if (before.badBase64 === 0 && after.longBase64 > before.longBase64)
    faults.push('base64 lines longer than 76');
  return faults;
}

function encodingTrouble(message: Buffer): {
  longQp: number;
  badQp: number;
  badBase64: number;
  longBase64: number;
} {
  const trouble = { longQp: 0, badQp: 0, badBase64: 0, longBase64: 0 };
  for (const entity of entities(dissect(message))) {
    if (entity.children.length > 0) continue;
    const body = bodyOf(message, entity);
    if (entity.encoding === 'quoted-printable') {
      trouble.longQp += linesLongerThan(LONGEST_QP_LINE, body);
      trouble.badQp += (
        body.toString('latin1').match(/=(?![0-9A-Fa-f]{2}|[ \t\r]*(\n|$))|[\x80-\xff]/g) ?? []
      ).length;
    } else if (entity.encoding === 'base64') {
      if (!base64IsStrict(body)) trouble.badBase64++;
      // A lone CR in base64 is noise like any other, wherever in the line it stands.
      trouble.longBase64 += linesLongerThan(
        LONGEST_QP_LINE,
        Buffer.from(body.filter((byte) => byte !== 0x0d)),
      );
    }
  }
  return trouble;
}

/** No 8-bit byte and no part that announces any: what is announced as 8bit is downgraded on its way in any case. */
function isSevenBit(message: Buffer): boolean {
  if (hasEightBit(message)) return false;
  return !/^content-transfer-encoding:\s*(8bit|binary)/im.test(message.toString('latin1'));
}

export function bodyOf(message: Buffer, entity: Entity): Buffer {
  return message.subarray(entity.bodyStart, entity.end);
}

export function hasEightBit(bytes: Uint8Array): boolean {
  return bytes.some((byte) => byte > 0x7f);
}

function linesLongerThan(limit: number, bytes: Buffer): number {
  let count = 0;
  for (let start = 0; start < bytes.length; ) {
    const lineFeed = bytes.indexOf(0x0a, start);
    const end = lineFeed < 0 ? bytes.length : lineFeed;
    let textEnd = end;
    while (textEnd > start && bytes[textEnd - 1] === 0x0d) textEnd--;
    if (textEnd - start > limit) count++;
    start = end + 1;
  }
  return count;
}

function lineEndings(bytes: Buffer): { cr: number; crlf: number; bareLf: number } {
  const count = { cr: 0, crlf: 0, bareLf: 0 };
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === 0x0d) count.cr++;
    if (bytes[i] === 0x0a) {
      if (bytes[i - 1] === 0x0d) count.crlf++;
      else count.bareLf++;
    }
  }
  return count;
}
