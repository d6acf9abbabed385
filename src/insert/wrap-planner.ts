/**
 * The whole message becomes the first part of a new multipart/mixed, its content untouched, and the footer the second:
 * what a signature covers stays byte for byte (RFC 2046 §5.1). Fields that describe the content (RFC 2045 §3) go inside,
 * the rest stays outside.
 */
import { ByteBuilder } from '../mime/byte-builder.ts';
import { DASH, equal } from '../mime/bytes.ts';
import { Edit } from '../mime/edit.ts';
import { TransferEncoding } from '../mime/encoding/transfer-encoding.ts';
import { ContentFields, readContentFields } from '../mime/header/header-edit.ts';
import { BlankLine } from '../mime/header/part-header.ts';
import { Part } from '../mime/part.ts';
import { Window } from '../mime/window.ts';
import { ComposedFooters } from './composed-footers.ts';
import { footerPart } from './footer-part.ts';
import { FooterKind, Manner, Placed, Reason } from './outcome.ts';
import { Operation } from './plan.ts';
import { copyOperation, insertOperation, PlanBuilder } from './plan-builder.ts';
import { wrapperBoundary } from './wrapper-boundary.ts';

/** Lines that begin with a dash, looked at in a step. */
const LINES_A_STEP: i32 = 4096;

export class WrapPlanner {
  readonly changes: PlanBuilder = new PlanBuilder();
  placed: Placed | null = null;
  /** Why it is left; Reason.None where it is not. */
  reason: Reason = Reason.None;
  private readonly boundary: Uint8Array;
  private readonly fields: ContentFields | null;
  /** Where to go on looking for the boundary. */
  private searched: number = 0;

  constructor(
    private readonly window: Window,
    private readonly size: number,
    private readonly root: Part,
    private readonly lineEnd: string,
    private readonly footers: ComposedFooters,
  ) {
    const header = root.header!;
    const isWhole = header.blankLine === BlankLine.Present && !header.contradictory;
    this.boundary = wrapperBoundary(window, root.headerStart, root.bodyStart);
    this.fields = isWhole ? readContentFields(window, root) : null;
  }

  /** @returns whether there is more to do */
  step(): boolean {
    const fields = this.fields;
    // Of a header that is cut off, nobody knows that its last line has ended.
    if (fields === null) {
      this.reason = Reason.UnclearHeader;
      return false;
    }
    if (this.searched < this.size) return this.searchBoundary();
    this.wrap(fields);
    return false;
  }

  /** QUIRK: a message that has the boundary in it is made by somebody who wants to break out of it. It is left. */
  private searchBoundary(): boolean {
    const window = this.window;
    for (let i = 0; i < LINES_A_STEP; i++) {
      const dash = window.indexOf(DASH, this.searched, this.size);
      if (dash < 0) {
        this.searched = this.size;
        return true;
      }
      this.searched = dash + 1;
      if (window.byteAt(dash + 1) !== DASH) continue;
      const from = dash + 2;
      const to = from + this.boundary.length;
      if (window.byteAt(from) !== this.boundary[0] || to > this.size) continue;
      if (!equal(window.slice(from, to), this.boundary)) continue;
      this.reason = Reason.DelimiterLine;
      return false;
    }
    return true;
  }

  private wrap(fields: ContentFields): void {
    const eol = this.lineEnd;
    const operations: Operation[] = [insertOperation(this.outerFields(fields))];
    for (let i = 0; i < fields.starts.length; i++) {
      operations.push(copyOperation(fields.starts[i], fields.ends[i]));
      this.changes.replace(fields.starts[i], fields.ends[i], []);
    }
    this.changes.replace(fields.end, fields.end, operations);
    const last = new ByteBuilder();
    last.addText(eol + '--');
    last.addBytes(this.boundary);
    last.addText(eol);
    last.addBytes(footerPart(FooterKind.Text, this.footers, eol));
    last.addText(eol + '--');
    last.addBytes(this.boundary);
    last.addText('--' + eol);
    this.changes.edit(new Edit(this.size, this.size, last.bytes()));
    this.placed = new Placed(Manner.Around, FooterKind.Text, false, false, '');
  }

  /** What is around 8-bit content has to say that it holds some (RFC 2045 §6.4). */
  private outerFields(fields: ContentFields): Uint8Array {
    const eol = this.lineEnd;
    const outer = new ByteBuilder();
    if (!fields.hasMimeVersion) outer.addText('MIME-Version: 1.0' + eol);
    outer.addText('Content-Type: multipart/mixed; boundary="');
    outer.addBytes(this.boundary);
    outer.addText('"' + eol);
    const encoding = this.root.header!.transferEncoding;
    if (encoding === TransferEncoding.EightBit) outer.addText('Content-Transfer-Encoding: 8bit' + eol);
    if (encoding === TransferEncoding.Binary) outer.addText('Content-Transfer-Encoding: binary' + eol);
    outer.addText(eol + '--');
    outer.addBytes(this.boundary);
    outer.addText(eol);
    return outer.bytes();
  }
}
