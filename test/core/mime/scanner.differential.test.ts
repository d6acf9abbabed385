/** The scanner against the engine before it: what it finds may differ only where it is meant to. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latin1 } from '../../../src/core/mime/bytes.ts';
import { transferEncodingOf } from '../../../src/core/mime/encoding/transfer-encoding.ts';
import { BlankLine } from '../../../src/core/mime/header/part-header.ts';
import { KEPT_LIMIT } from '../../../src/core/mime/limits.ts';
import { Follower } from '../../../src/core/mime/part.ts';
import { TokenKind } from '../../../src/core/mime/token.ts';
import { Scanner as Before } from '../../../src/mime/scanner.ts';
import { brokenMessage, soup, wellFormedMessage } from '../../helpers/arbitrary-message.ts';
import { withCrlf } from '../../helpers/fixtures.ts';
import { messages, scannerOf } from '../helpers/scans.ts';

const PARAMETERS = ['charset', 'format', 'delsp', 'start', 'type', 'name', 'x'];

/** A step of either scanner: ranges of content that follow one another are one. */
interface Step {
  readonly what: string;
  readonly start: number;
  end: number;
  readonly facts?: object;
}

function add(steps: Step[], step: Step): void {
  const last = steps.at(-1);
  const isPiece = ['field', 'body', 'filler'].includes(step.what);
  if (isPiece && last?.what === step.what) last.end = step.end;
  else steps.push(step);
}

function stepsBefore(message: Buffer): Step[] {
  const steps: Step[] = [];
  let at = 0;
  const scanner = new Before((token) => {
    const start = at;
    at += token.bytes.length;
    const facts: Record<string, unknown> = {};
    if (token.type === 'header-end') {
      const { header } = token;
      facts.lineEnd = token.lineEnd;
      facts.mediaType = header.mediaType;
      facts.parameters = PARAMETERS.map((name) =>
        (header.contentType?.parameters.get(name) ?? '').slice(0, KEPT_LIMIT),
      );
      facts.transferEncoding = transferEncodingOf(header.transferEncoding);
      facts.disposition = header.disposition;
      facts.fileName = header.fileName;
      facts.contentId = header.contentId;
      facts.boundary = header.boundary ?? '';
      facts.contradictory = header.contradictory;
      facts.blankLine = header.runsIntoText
        ? BlankLine.Missing
        : header.separated
          ? BlankLine.Present
          : BlankLine.CutOff;
    }
    if (token.type === 'part-end') facts.followedBy = token.followedBy;
    if (token.type === 'delimiter') Object.assign(facts, { level: token.level, closing: token.closing });
    add(steps, { what: token.type, start, end: at, facts });
  });
  scanner.write(message);
  scanner.end();
  return steps;
}

const WHAT: Record<TokenKind, string> = {
  [TokenKind.Field]: 'field',
  [TokenKind.HeaderEnd]: 'header-end',
  [TokenKind.Body]: 'body',
  [TokenKind.Preamble]: 'filler',
  [TokenKind.Epilogue]: 'filler',
  [TokenKind.Delimiter]: 'delimiter',
  [TokenKind.CloseDelimiter]: 'delimiter',
  [TokenKind.PartEnd]: 'part-end',
};

const FOLLOWED_BY: Record<Follower, string> = {
  [Follower.Delimiter]: 'delimiter',
  [Follower.BareDelimiter]: 'bare delimiter',
  [Follower.End]: 'end',
};

/** @returns null where a type is read in another way, and structure may differ from there on */
function stepsNow(message: Buffer): Step[] | null {
  const steps: Step[] = [];
  const scanner = scannerOf(message);
  while (scanner.advance()) {
    const { kind, part, start, end } = scanner;
    const facts: Record<string, unknown> = {};
    if (kind === TokenKind.HeaderEnd) {
      const header = part.header!;
      if (!header.isTypeReadable || readsAnew(message, part.headerStart, end)) return null;
      facts.lineEnd = scanner.lineEnd;
      facts.mediaType = header.mediaType;
      facts.parameters = PARAMETERS.map((name) => header.parameter(name));
      facts.transferEncoding = header.transferEncoding;
      facts.disposition = header.disposition;
      facts.fileName = header.fileName;
      facts.contentId = header.contentId;
      facts.boundary = part.isMultipart ? latin1(header.boundary, 0, header.boundary.length) : '';
      facts.contradictory = header.contradictory;
      facts.blankLine = header.blankLine;
    }
    if (kind === TokenKind.PartEnd) facts.followedBy = FOLLOWED_BY[part.follower];
    if (kind === TokenKind.Delimiter || kind === TokenKind.CloseDelimiter) {
      Object.assign(facts, { level: part.depth, closing: kind === TokenKind.CloseDelimiter });
    }
    add(steps, { what: WHAT[kind], start, end, facts });
  }
  return steps;
}

/**
 * The differences that are meant: a type with blanks around its slash is read; one that cannot be read is no `text/plain`,
 * and has parts where its boundary delimits something.
 */
function readsAnew(message: Buffer, from: number, to: number): boolean {
  const header = message.toString('latin1', from, to).replaceAll(/\r?\n[ \t]/g, ' ');
  const bodies = [...header.matchAll(/^content-type[ \t]*:(.*)/gim)].map(([, body]) => body!);
  return bodies.some((body) => !/^(?:\([^)]*\)|\s)*(?:[^\s/,();]+\/[^\s/,();]+(?:[\s,(;]|$)|$)/.test(body));
}

function expectTheSame(message: Buffer): boolean {
  const now = stepsNow(message);
  if (now !== null) expect(now).toEqual(stepsBefore(message));
  return now !== null;
}

describe('Scanner', () => {
  it('finds in every fixture what it found before', () => {
    let compared = 0;
    for (const { bytes } of messages()) {
      if (expectTheSame(bytes)) compared++;
      const crlf = withCrlf(bytes);
      if (crlf) expectTheSame(crlf);
    }
    expect(compared / messages().length).toBeGreaterThan(0.97);
  });

  it('finds in any message what it found before', () => {
    const message = fc.oneof(
      soup(),
      wellFormedMessage().map(({ bytes }) => bytes),
      brokenMessage().map(({ bytes }) => bytes),
    );
    fc.assert(
      fc.property(message, (bytes) => {
        expectTheSame(bytes);
      }),
      { numRuns: 1500 },
    );
  });
});
