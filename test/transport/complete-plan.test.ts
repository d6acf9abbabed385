import { describe, expect, it } from 'vitest';
import { Operation, OperationKind, Plan, Recoding } from '../../src/insert/plan.ts';
import { BufferSource } from '../../src/mime/buffer-source.ts';
import { TransferEncoding } from '../../src/mime/encoding/transfer-encoding.ts';
import { completePlan } from '../../src/transport/complete-plan.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');

function planOf(...operations: Operation[]): Plan {
  const plan = new Plan();
  plan.operations.push(...operations);
  return plan;
}

function range(kind: OperationKind, start: number, end: number): Operation {
  return new Operation(kind, start, end, bytes(''), null, kind === OperationKind.Drop ? 0 : end - start);
}

function insert(text: string): Operation {
  return new Operation(OperationKind.Insert, 0, 0, bytes(text), null, text.length);
}

function recode(to: TransferEncoding, endsLine: boolean, tail: string): Operation {
  const recoding = new Recoding('', TransferEncoding.SevenBit, to, '\n', endsLine);
  return new Operation(OperationKind.Recode, 0, 5, bytes(tail), recoding, 12);
}

/** Ranges with their offsets, insertions with their text. */
function shown(message: string, plan: Plan, top = ''): string[] {
  const complete = completePlan(plan, new BufferSource(bytes(message)), bytes(top));
  return complete.operations.map(({ kind, start, end, bytes, length }) => {
    if (kind !== OperationKind.Insert) return `${OperationKind[kind]} ${start}-${end}`;
    expect(length).toBe(bytes.length);
    return JSON.stringify(Buffer.from(bytes).toString('latin1'));
  });
}

describe('a message as it came', () => {
  it.each([
    ['ends in a line end', 'a\n', []],
    ['ends in its own line end', 'a\r\n', []],
    ['does not', 'a\nb', ['Keep 0-3', '"\\n"']],
    ['does not, and has CRLF', 'a\r\nb', ['Keep 0-4', '"\\r\\n"']],
    ['ends in half a CRLF', 'a\r\nb\r', ['Keep 0-5', '"\\r\\n"']],
    ['has no line end at all', 'a', ['Keep 0-1', '"\\n"']],
    ['begins with LF and goes on with CRLF', '\na\r\nb', ['Keep 0-5', '"\\n"']],
    ['is empty', '', []],
  ])('that %s', (_what, message, operations) => {
    expect(shown(message, new Plan())).toEqual(operations);
  });

  it('gets what the mail system puts on top', () => {
    expect(shown('a\n', new Plan(), 'Return-Path: <>\n')).toEqual(['"Return-Path: <>\\n"', 'Keep 0-2']);
    expect(shown('a', new Plan(), 'X: y\n')).toEqual(['"X: y\\n"', 'Keep 0-1', '"\\n"']);
    expect(shown('', new Plan(), 'X: y\n')).toEqual(['"X: y\\n"']);
  });
});

describe('a plan', () => {
  const { Keep, Drop, Copy } = OperationKind;
  const { Base64, QuotedPrintable, EightBit } = TransferEncoding;
  it.each<[string, string, Operation[], string | undefined]>([
    ['that ends in an insertion with a line end', 'abc', [range(Keep, 0, 3), insert('x\n')], undefined],
    ['that ends in an insertion without', 'a\nc', [range(Keep, 0, 3), insert('x')], '"\\n"'],
    ['that ends in what was there', 'abc\n', [insert('x'), range(Keep, 0, 4)], undefined],
    ['that ends in what was there, cut', 'abc\n', [range(Keep, 0, 3), range(Drop, 3, 4)], '"\\n"'],
    ['that ends in a copy', 'a\nbc', [range(Keep, 0, 4), range(Copy, 0, 2)], undefined],
    [
      'that ends in an empty insertion',
      'a\nb',
      [range(Keep, 0, 2), range(Drop, 2, 3), insert('')],
      undefined,
    ],
    ['that drops everything', 'abc', [range(Drop, 0, 3)], undefined],
    ['that ends in base64 with a line end', 'abcde', [recode(Base64, true, 'x')], undefined],
    ['that ends in base64 without', 'abcde', [recode(Base64, false, 'x\n')], '"\\n"'],
    ['that ends in quoted-printable', 'abcde', [recode(QuotedPrintable, false, 'x\n')], undefined],
    ['that ends in 8bit, and without a line end', 'abcde', [recode(EightBit, false, 'x')], '"\\n"'],
  ])('%s', (_what, message, operations, added) => {
    const before = operations.map(({ kind, start, end, bytes }) =>
      kind === OperationKind.Insert
        ? JSON.stringify(Buffer.from(bytes).toString('latin1'))
        : `${OperationKind[kind]} ${start}-${end}`,
    );
    const after = added === undefined ? before : [...before, added];
    expect(shown(message, planOf(...operations))).toEqual(after);
    expect(shown(message, planOf(...operations), 'X: y\n')).toEqual(['"X: y\\n"', ...after]);
  });
});
