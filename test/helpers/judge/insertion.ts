/**
 * "The output is the input with one piece put in": the law behind everything that is only appended to. Works on
 * bytes and on characters, in linear time.
 */

/** What was put in, or undefined when the output is not the input plus one piece. */
export function oneInsertion(input: Buffer, output: Buffer): Buffer | undefined {
  const extra = output.length - input.length;
  if (extra < 0) return undefined;
  const prefix = commonPrefix(input, output);
  const rest = input.length - prefix;
  if (!input.subarray(prefix).equals(output.subarray(output.length - rest))) return undefined;
  return output.subarray(prefix, output.length - rest);
}

/** The same for text. */
export function oneTextInsertion(input: string, output: string): string | undefined {
  const inserted = oneInsertion(Buffer.from(input, 'utf16le'), Buffer.from(output, 'utf16le'));
  // A cut inside a code unit only shifts the piece by a byte; its length in code units stays right.
  if (inserted === undefined) return undefined;
  let prefix = 0;
  while (prefix < input.length && input[prefix] === output[prefix]) prefix++;
  return output.slice(prefix, prefix + output.length - input.length);
}

/**
 * base64 is written again from the group in which something was put in, and stays as it was before that group. Says
 * what is wrong, or undefined.
 */
export function base64Fault(input: Buffer, output: Buffer): string | undefined {
  const before = Buffer.from(input.toString('latin1'), 'base64');
  const after = Buffer.from(output.toString('latin1'), 'base64');
  if (oneInsertion(before, after) === undefined)
    return 'the decoded base64 is not the original with one piece put in';
  const letters = (bytes: Buffer) => bytes.toString('latin1').replace(/\s/g, '').length;
  // What was put in may begin like what follows it: the seam is then as early as it can be.
  let seam = commonPrefix(before, after);
  const length = after.length - before.length;
  while (seam > 0 && before[seam - 1] === after[seam - 1 + length]) seam--;
  const untouched = Math.floor(seam / 3) * 4;
  const same = letters(input.subarray(0, commonPrefix(input, output)));
  return same >= untouched
    ? undefined
    : `base64 was changed before the place of the footer (${same} < ${untouched})`;
}

export function base64IsStrict(body: Buffer): boolean {
  // Decoders skip white space wherever it stands.
  const text = body.toString('latin1').replace(/\s/g, '');
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

export function commonPrefix(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a[at] === b[at]) at++;
  return at;
}

export function quotedPrintableDecoded(body: Buffer): Buffer {
  const text = body
    .toString('latin1')
    .replace(/[ \t]+(?=\r?\n|$)/g, '')
    .replace(/=\r?\n/g, '')
    .replace(/=$/, '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(text, 'latin1');
}
