/** Messages as trees, and how a tree is written down as bytes. */
import { base64, encodeText, quotedPrintable } from './encode.ts';

export type Tree = Leaf | Multi;

export interface Leaf {
  readonly kind: 'leaf';
  /** Empty: no Content-Type field. */
  readonly type: string;
  readonly charset: string;
  /** Empty: no Content-Transfer-Encoding field. */
  readonly encoding: string;
  readonly disposition: '' | 'inline' | 'attachment';
  readonly filename: string;
  readonly flow: '' | 'flowed' | 'delsp';
  /** Lines end with `\n`; `text/*` is written in the charset, everything else in Latin-1. */
  readonly content: string;
  readonly qpWidth: number;
  readonly softEnd: boolean;
  readonly base64Width: number;
}

export interface Multi {
  readonly kind: 'multi';
  readonly subtype: string;
  readonly boundary: string;
  readonly children: readonly Tree[];
  readonly preamble: string;
  readonly epilogue: string;
  readonly closed: boolean;
  /** White space behind each boundary, which RFC 2046 allows. */
  readonly padding: string;
  /** Of `multipart/related`: which child `start=` names; undefined where the field has no `start=`. */
  readonly start: number | undefined;
}

export interface RootShape {
  readonly eol: '\n' | '\r\n';
  readonly envelopeLine: boolean;
  readonly mimeVersion: boolean;
  /** The message's last byte is a line ending. */
  readonly finalNewline: boolean;
}

export function renderMessage(tree: Tree, shape: RootShape): Buffer {
  const { eol } = shape;
  const fields = [
    ...(shape.envelopeLine ? ['From poster@example.com Mon Jan  5 10:00:00 2026'] : []),
    'Received: from mx.example.com (mx.example.com [192.0.2.1])',
    '\tby lists.example.org with ESMTP for <demo@example.org>; Mon, 5 Jan 2026 10:00:00 +0000',
    'From: Poster <poster@example.com>',
    'To: demo@example.org',
    'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=',
    'Message-ID: <generated@example.com>',
    ...(shape.mimeVersion ? ['MIME-Version: 1.0'] : []),
  ];
  const bytes = Buffer.concat([
    Buffer.from(fields.map((field) => field + eol).join('')),
    renderEntity(tree, eol, ''),
  ]);
  return shape.finalNewline ? Buffer.concat([bytes, Buffer.from(eol)]) : bytes;
}

function renderEntity(tree: Tree, eol: string, path: string): Buffer {
  return tree.kind === 'leaf' ? renderLeaf(tree, eol, path) : renderMulti(tree, eol, path);
}

function renderLeaf(leaf: Leaf, eol: string, path: string): Buffer {
  const fields: string[] = [];
  const charset = leaf.charset === '' ? '' : `; charset=${leaf.charset}`;
  const flow = leaf.flow === '' ? '' : `; format=flowed${leaf.flow === 'delsp' ? '; delsp=yes' : ''}`;
  if (leaf.type !== '') fields.push(`Content-Type: ${leaf.type}${charset}${flow}`);
  if (leaf.encoding !== '') fields.push(`Content-Transfer-Encoding: ${leaf.encoding}`);
  if (leaf.disposition !== '') {
    fields.push(
      `Content-Disposition: ${leaf.disposition}${leaf.filename === '' ? '' : `; filename="${leaf.filename}"`}`,
    );
  }
  if (path !== '') fields.push(`Content-ID: <part${path}@example.com>`);
  const head = fields.map((field) => field + eol).join('') + eol;
  return Buffer.concat([Buffer.from(head), encodedContent(leaf, eol)]);
}

function encodedContent(leaf: Leaf, eol: string): Buffer {
  const isText = leaf.type === '' || leaf.type.startsWith('text/');
  const bytes = (newline: string) => {
    const content = leaf.content.replaceAll('\n', newline);
    return isText
      ? encodeText(content, leaf.charset === '' ? 'us-ascii' : leaf.charset)
      : Buffer.from(content, 'latin1');
  };
  if (leaf.encoding === 'base64') return Buffer.from(base64(bytes('\r\n'), eol, leaf.base64Width));
  if (leaf.encoding === 'quoted-printable') {
    return Buffer.from(quotedPrintable(bytes('\n'), eol, { width: leaf.qpWidth, softEnd: leaf.softEnd }));
  }
  return bytes(eol);
}

function renderMulti(multi: Multi, eol: string, path: string): Buffer {
  const start = multi.start === undefined ? '' : `; start="<part${path}.${multi.start + 1}@example.com>"`;
  const head = `Content-Type: multipart/${multi.subtype};${eol}\tboundary="${multi.boundary}"${start}${eol}`;
  const id = path === '' ? '' : `Content-ID: <part${path}@example.com>${eol}`;
  const pieces: Buffer[] = [Buffer.from(head + id + eol + multi.preamble.replaceAll('\n', eol))];
  multi.children.forEach((child, i) => {
    const lead = i === 0 && (multi.preamble === '' || multi.preamble.endsWith('\n')) ? '' : eol;
    pieces.push(Buffer.from(`${lead}--${multi.boundary}${multi.padding}${eol}`));
    pieces.push(renderEntity(child, eol, `${path}.${i + 1}`));
  });
  if (multi.closed) pieces.push(Buffer.from(`${eol}--${multi.boundary}--${multi.padding}`));
  if (multi.closed && multi.epilogue !== '')
    pieces.push(Buffer.from(eol + multi.epilogue.replaceAll('\n', eol)));
  return Buffer.concat(pieces);
}
