/** Mail out of nothing, for properties: MIME trees with the placement that belongs to them, and soup without any law. */
import fc from 'fast-check';
import type { Expectation, PlacementWishes } from './expectation.ts';
import { SAMPLES } from './mail/encode.ts';
import { placementsFor } from './mail/oracle.ts';
import { type Leaf, type Multi, type RootShape, renderMessage, type Tree } from './mail/tree.ts';

export interface GeneratedMessage {
  readonly bytes: Buffer;
  readonly wishes: PlacementWishes;
  readonly expectation: Expectation;
}

/** A message whose structure every reader agrees on; with the expected placement, or `loose` where none is laid down. */
export function wellFormedMessage(): fc.Arbitrary<GeneratedMessage> {
  return fc.tuple(tree(4), rootShape(), wishes()).map(([root, shape, wish]) => {
    const named = withBoundaries(root, (depth, count) => `=_${depth}_${count}`);
    const placements = placementsFor(named, wish);
    const [main, ...others] = placements ?? [];
    const expectation: Expectation =
      main === undefined
        ? { footer: 'none', wrapped: false, ownPart: null, why: 'the table does not say', loose: true }
        : { ...main, why: 'read off the tree', ...(others.length > 0 && { alsoFine: others }) };
    return shown({ bytes: renderMessage(named, shape), wishes: wish, expectation });
  });
}

/** The same trees with what real mail does to them: unclosed, boundaries that clash, cut short, noise in between. */
export function brokenMessage(): fc.Arbitrary<GeneratedMessage> {
  const naming = fc.constantFrom<(depth: number, count: number) => string>(
    () => 'same',
    (depth) => 'b'.repeat(depth + 1),
    (depth) => 'b'.repeat(5 - Math.min(depth, 4)),
    (depth, count) => `b ${depth}${count}`,
    (depth, count) => (depth === 1 ? '' : `b${count}`),
  );
  return fc
    .tuple(tree(4), rootShape(), wishes(), naming, fc.array(damage(), { minLength: 1, maxLength: 4 }))
    .map(([root, shape, wish, name, damages]) => {
      let bytes = renderMessage(withBoundaries(root, name), shape);
      for (const harm of damages) bytes = harm(bytes);
      const why = 'broken';
      return shown({
        bytes,
        wishes: wish,
        expectation: { footer: 'none', wrapped: false, ownPart: null, why, loose: true },
      });
    });
}

/** Bytes over an alphabet of mail punctuation and header words: no structure is meant, much is hit upon. */
export function soup(): fc.Arbitrary<Buffer> {
  const words = [
    '\n',
    '\n',
    '\r\n',
    '\r',
    '\n\n',
    '--',
    '--b',
    '--b--',
    '--bb',
    '\n--b\n',
    '\n--b--\n',
    '\n--b \t\n',
    ' ',
    '\t',
    ':',
    ';',
    '=',
    '=\n',
    '=\r\n',
    '=3D',
    '==',
    '"',
    '(',
    ')',
    '\\',
    '\0',
    'a',
    'YWJj',
    'YQ==',
    'YQ',
    '<',
    '</body>',
    '</html>',
    '<!--',
    '-->',
    '<script>',
    '</script>',
    '<title>',
    '&amp',
    'ü',
    '\u001b$B',
    '\u001b(B',
    '\xe4',
    '\xff',
    '\ufeff',
    '.',
    'From ',
    '>From ',
    '-- \n',
    'x'.repeat(1000),
    'Subject: x\n',
    'MIME-Version: 1.0\n',
    'Content-Type: ',
    'Content-Type: text/plain\n',
    'Content-Type: text/html\n',
    'Content-Type: text/plain; charset=utf-8\n',
    'Content-Type: text/plain; format=flowed\n',
    '; charset="iso-8859-1"',
    ' boundary=b',
    'Content-Type: multipart/mixed; boundary=b\n',
    'Content-Type: multipart/alternative; boundary="b"\n',
    'Content-Type: multipart/related; boundary=bb\n',
    'Content-Type: multipart/signed; boundary=b\n',
    'Content-Transfer-Encoding: base64\n',
    'Content-Transfer-Encoding: quoted-printable\n',
    'Content-Transfer-Encoding: 8bit\n',
    'Content-Disposition: attachment\n',
    'Content-Disposition: inline; filename=x\n',
    'Content-Type: image/png\n',
    'Content-Type: message/rfc822\n',
    '-----BEGIN PGP SIGNED MESSAGE-----\n',
    '-----BEGIN PGP SIGNATURE-----\n',
    '-----END PGP SIGNATURE-----\n',
    '-----END PGP MESSAGE-----',
  ];
  const word = fc
    .constantFrom(...words)
    .map((text) => Buffer.from(text, /[^\x00-\xff]/.test(text) ? 'utf8' : 'latin1'));
  const head = fc.constantFrom(
    '',
    'Subject: x\n',
    'Content-Type: multipart/mixed; boundary=b\n\n--b\n',
    'Content-Type: text/html\n\n',
  );
  return fc
    .tuple(head, fc.array(word, { maxLength: 40 }))
    .map(([start, pieces]) => Buffer.concat([Buffer.from(start), ...pieces]));
}

export function wishes(): fc.Arbitrary<PlacementWishes> {
  return fc.record({
    signed: fc.constantFrom('skip' as const, 'wrap' as const),
    attachmentOnly: fc.constantFrom('part' as const, 'skip' as const),
  });
}

function rootShape(): fc.Arbitrary<RootShape> {
  return fc.record({
    eol: fc.constantFrom('\n' as const, '\r\n' as const),
    envelopeLine: fc.boolean(),
    mimeVersion: fc.constant(true),
    finalNewline: fc.boolean(),
  });
}

function tree(depth: number): fc.Arbitrary<Tree> {
  const leaves = fc.oneof({ weight: 5, arbitrary: textLeaf() }, { weight: 2, arbitrary: otherLeaf() });
  if (depth === 0) return leaves;
  return fc.oneof({ weight: 3, arbitrary: leaves }, { weight: 2, arbitrary: multi(depth) });
}

function multi(depth: number): fc.Arbitrary<Multi> {
  const subtype = fc.constantFrom(
    'mixed',
    'mixed',
    'alternative',
    'alternative',
    'related',
    'signed',
    'encrypted',
    'digest',
    'report',
    'x-unknown',
  );
  return fc
    .record({
      subtype,
      children: fc.array(tree(depth - 1), { minLength: 1, maxLength: 4 }),
      preamble: fc.constantFrom('', '', 'This is a multi-part message in MIME format.\n', '\n', 'no newline'),
      epilogue: fc.constantFrom('', '', 'epilogue', 'epilogue\n', '\n\n'),
      padding: fc.constantFrom('', '', '', ' ', ' \t '),
      start: fc.option(fc.nat(3), { nil: undefined }),
    })
    .map((made) => {
      const start =
        made.subtype === 'related' && made.start !== undefined
          ? made.start % made.children.length
          : undefined;
      return { kind: 'multi', boundary: '', closed: true, ...made, start };
    });
}

function textLeaf(): fc.Arbitrary<Leaf> {
  const charsets = Object.keys(SAMPLES).filter((name) => !name.startsWith('utf-16'));
  return fc
    .record({
      type: fc.constantFrom('text/plain', 'text/plain', 'text/html', 'text/calendar', ''),
      charset: fc.oneof(fc.constantFrom('', 'us-ascii', 'utf-8', 'iso-8859-1'), fc.constantFrom(...charsets)),
      encoding: fc.constantFrom(
        '',
        '7bit',
        '8bit',
        'binary',
        'quoted-printable',
        'quoted-printable',
        'base64',
        'base64',
      ),
      disposition: fc.constantFrom(
        '' as const,
        '' as const,
        '' as const,
        'inline' as const,
        'attachment' as const,
      ),
      named: fc.constantFrom(false, false, false, true),
      flow: fc.constantFrom('' as const, '' as const, 'flowed' as const, 'delsp' as const),
      lines: fc.array(textLine(), { maxLength: 6 }),
      newlineAtEnd: fc.boolean(),
      ...writing(),
    })
    .map(({ lines, newlineAtEnd, named, ...made }) => {
      const charset = made.type === '' ? '' : made.charset;
      const body = lines
        .map((line) => line.replace('SAMPLE', SAMPLES[charset === '' ? 'us-ascii' : charset] ?? ''))
        .join('\n');
      const html = made.type === 'text/html';
      const content = (html ? htmlAround(body, lines.length) : body) + (newlineAtEnd ? '\n' : '');
      const eightBit = charset !== '' && charset !== 'us-ascii' && charset !== 'iso-2022-jp';
      const encoding = eightBit && ['', '7bit'].includes(made.encoding) ? '8bit' : made.encoding;
      const filename = named && made.disposition !== '' ? 'notes.txt' : '';
      const flow = made.type === 'text/plain' ? made.flow : '';
      return { kind: 'leaf', ...made, charset, encoding, content, filename, flow };
    });
}

function htmlAround(body: string, variant: number): string {
  const shapes = [
    (inner: string) => inner,
    (inner: string) => `<html><head><title>a </body> b</title></head><body><p>${inner}</p></body></html>`,
    (inner: string) => `<HTML><BODY>${inner}</BODY >\n</HTML>`,
    (inner: string) => `<!-- </body> --><body><script>x="</body>"</script>${inner}</body>`,
    (inner: string) => `<div title="</body>">${inner}</div></html>`,
  ];
  return shapes[variant % shapes.length]!(body);
}

function textLine(): fc.Arbitrary<string> {
  return fc.constantFrom(
    'SAMPLE',
    'SAMPLE',
    '',
    'trailing blank ',
    'two blanks  ',
    '-- ',
    '> quoted ',
    '> > deeper',
    ' stuffed',
    'From the start',
    '.',
    '--',
    '--=_not a boundary',
    'a=b =3D =',
    'x'.repeat(990),
    'word '.repeat(40),
    'tab\there\t',
  );
}

function otherLeaf(): fc.Arbitrary<Leaf> {
  return fc
    .record({
      type: fc.constantFrom(
        'image/png',
        'application/pdf',
        'application/octet-stream',
        'message/rfc822',
        'application/pkcs7-signature',
      ),
      disposition: fc.constantFrom('' as const, 'inline' as const, 'attachment' as const),
      named: fc.boolean(),
      content: fc.string({ unit: 'binary-ascii', maxLength: 200 }),
      ...writing(),
    })
    .map(({ named, ...made }) => {
      const isMessage = made.type === 'message/rfc822';
      const content = isMessage ? `Subject: inner\nContent-Type: text/plain\n\nforwarded\n` : made.content;
      const filename = named && made.disposition !== '' ? 'file.bin' : '';
      return {
        kind: 'leaf',
        charset: '',
        flow: '',
        encoding: isMessage ? '7bit' : 'base64',
        ...made,
        content,
        filename,
      };
    });
}

function writing() {
  return {
    qpWidth: fc.constantFrom(76, 75, 40, 10),
    softEnd: fc.constantFrom(false, false, true),
    base64Width: fc.constantFrom(76, 76, 60, 20, 33),
  };
}

function withBoundaries(root: Tree, name: (depth: number, count: number) => string): Tree {
  let count = 0;
  const visit = (tree: Tree, depth: number): Tree => {
    if (tree.kind === 'leaf') return tree;
    const boundary = name(depth, count++);
    return { ...tree, boundary, children: tree.children.map((child) => visit(child, depth + 1)) };
  };
  return visit(root, 0);
}

function damage(): fc.Arbitrary<(bytes: Buffer) => Buffer> {
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  const kinds = fc.constantFrom<(bytes: Buffer, at: number) => Buffer>(
    (bytes, at) => bytes.subarray(0, at),
    (bytes, at) => spliced(bytes, at, 0, Buffer.from('\0')),
    (bytes, at) => spliced(bytes, at, 0, Buffer.from('\r')),
    (bytes, at) => spliced(bytes, at, 0, Buffer.from('\n')),
    (bytes, at) => spliced(bytes, at, 0, Buffer.from('\r\n')),
    (bytes, at) => spliced(bytes, at, 1, Buffer.alloc(0)),
    (bytes, at) => spliced(bytes, at, 30, Buffer.alloc(0)),
    (bytes, at) => spliced(bytes, at, 0, Buffer.from([0xe4])),
    (bytes) => Buffer.from(bytes.toString('latin1').replace(/\r?\n--([^\r\n]*)--/, '\n'), 'latin1'),
    (bytes) => Buffer.from(bytes.toString('latin1').replace(/(\r?\n)\r?\n/, '$1'), 'latin1'),
    (bytes) => Buffer.from(bytes.toString('latin1').replace(/\r\n/, '\n'), 'latin1'),
    (bytes) => Buffer.from(bytes.toString('latin1').replace(/Content-Type: /g, 'Content-Type:\n '), 'latin1'),
    (bytes) => Buffer.from(bytes.toString('latin1').replace(/=$/m, '=='), 'latin1'),
  );
  return fc.tuple(kinds, place).map(
    ([harm, where]) =>
      (bytes) =>
        harm(bytes, Math.floor(where * bytes.length)),
  );
}

function spliced(bytes: Buffer, at: number, remove: number, insert: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]);
}

/** Failing cases are printed as mail, not as a list of numbers. */
function shown(message: GeneratedMessage): GeneratedMessage {
  const text = () =>
    `${JSON.stringify(message.expectation)} ${JSON.stringify(message.wishes)}\n${message.bytes.toString('latin1')}`;
  return Object.assign(message, { [fc.toStringMethod]: text });
}
