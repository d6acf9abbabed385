/**
 * What the local mail system put on top of a message: all of it stands above the topmost `Received:`, or is that line.
 * Everything below came with the message, and the poster could have written it.
 */
import { ByteString } from '../host/files.ts';
import {
  bytesOf,
  COLON,
  CR,
  decodeUtf8,
  isBlank,
  isWhiteSpace,
  LF,
  latin1,
  lowerCase,
} from '../mime/bytes.ts';
import { Source } from '../mime/source.ts';
import { Window } from '../mime/window.ts';
import { bareAddress, forClauseAddress } from './received-field.ts';

/**
 * Bytes of a message that are looked at. The trace fields of real mail fit in 2 KB; a header that hides its first
 * `Received:` behind more than this was not written by a mail system.
 */
export const TRACE_LIMIT: i32 = 64 * 1024;

/** Addresses of one kind that are kept. A mail system writes one or two. */
const ADDRESSES_LIMIT: i32 = 32;

const WINDOW_WIDTH: i32 = 4096;

export class Trace {
  constructor(
    /** Addresses that the mail system says this copy is for, most telling first. */
    readonly recipients: ByteString[],
    /** Of the topmost `Return-Path:`, '' for the null sender; null where there is none. */
    readonly returnPath: ByteString | null,
  ) {}
}

/** Reads no more of the message than it needs, and nothing that runs to the end of what there is: that may be cut. */
export function readTrace(source: Source): Trace {
  const reader = new TraceReader();
  const fields = new FieldReader(new Window(source, WINDOW_WIDTH));
  while (fields.advance()) {
    if (fields.isNamed('received')) {
      reader.takeReceived(fields.value());
      break;
    }
    if (fields.isNamed('return-path')) reader.take(TraceField.ReturnPath, fields.value());
    else if (fields.isNamed('delivered-to')) reader.take(TraceField.DeliveredTo, fields.value());
    else if (fields.isNamed('x-original-to')) reader.take(TraceField.OriginalTo, fields.value());
    else reader.takeOther();
  }
  return reader.trace();
}

enum TraceField {
  ReturnPath,
  DeliveredTo,
  OriginalTo,
}

/**
 * A message without any `Received:` came through no mail system; of that one, only an unbroken run of the fields that
 * pipe(8) writes at the very top is believed. So what comes after another field waits for the `Received:`.
 */
class TraceReader {
  private isBroken: boolean = false;
  private readonly sure: TraceAddresses = new TraceAddresses();
  private readonly unsure: TraceAddresses = new TraceAddresses();
  private receivedFor: ByteString | null = null;
  private hasReceived: boolean = false;

  take(field: TraceField, value: ByteString): void {
    if (this.isBroken) this.unsure.add(field, value);
    else this.sure.add(field, value);
  }

  takeOther(): void {
    this.isBroken = true;
  }

  takeReceived(value: ByteString): void {
    this.hasReceived = true;
    const address = forClauseAddress(value);
    if (address !== null && isUtf8(address)) this.receivedFor = address;
  }

  /** Delivered-To is the envelope recipient itself; X-Original-To what it was before aliases were expanded. */
  trace(): Trace {
    const sure = this.sure;
    const unsure = this.unsure;
    const recipients: ByteString[] = [];
    append(recipients, sure.deliveredTo);
    if (this.hasReceived) append(recipients, unsure.deliveredTo);
    append(recipients, sure.originalTo);
    if (this.hasReceived) append(recipients, unsure.originalTo);
    const receivedFor = this.receivedFor;
    if (receivedFor !== null) recipients.push(receivedFor);
    const returnPath = sure.returnPath === null && this.hasReceived ? unsure.returnPath : sure.returnPath;
    return new Trace(recipients, returnPath);
  }
}

class TraceAddresses {
  readonly deliveredTo: ByteString[] = [];
  readonly originalTo: ByteString[] = [];
  returnPath: ByteString | null = null;

  add(field: TraceField, value: ByteString): void {
    const address = bareAddress(value);
    if (!isUtf8(address)) return;
    if (field === TraceField.DeliveredTo) addTo(this.deliveredTo, address);
    else if (field === TraceField.OriginalTo) addTo(this.originalTo, address);
    else if (this.returnPath === null) this.returnPath = address;
  }
}

function addTo(addresses: ByteString[], address: ByteString): void {
  if (addresses.length < ADDRESSES_LIMIT) addresses.push(address);
}

function append(all: ByteString[], more: ByteString[]): void {
  for (let i = 0; i < more.length; i++) all.push(more[i]);
}

/** What is no UTF-8 (RFC 6532) is no address that anybody could have meant. */
function isUtf8(text: ByteString): boolean {
  return decodeUtf8(bytesOf(text)) !== null;
}

/** The header fields at the top of a message, in order; lines end in LF or CRLF. */
class FieldReader {
  private readonly limit: number;
  private start: number = 0;
  private colon: number = 0;
  private end: number = 0;

  constructor(private readonly window: Window) {
    this.limit = min(window.size, f64(TRACE_LIMIT));
    // QUIRK: mbox's separator line, which files and some delivery agents put before the header.
    if (window.startsWith(0, 'From ') || window.startsWith(0, '>From ')) this.end = this.endOfLine(0);
  }

  /** Goes to the next field; false where the header ends, and where a field is not sure to have ended. */
  advance(): boolean {
    this.start = this.end;
    if (this.start >= this.limit) return false;
    this.end = this.endOfField(this.start);
    // Only what stands after a line tells that the field does not go on.
    if (this.end >= this.limit) return false;
    this.colon = this.findColon();
    return this.colon >= 0;
  }

  /** @param name in lower case */
  isNamed(name: string): boolean {
    for (let i = 0; i < name.length; i++) {
      if (lowerCase(this.window.byteAt(this.start + i)) !== name.charCodeAt(i)) return false;
    }
    const next = this.window.byteAt(this.start + name.length);
    return next === COLON || isBlank(next) || next === CR || next === LF;
  }

  /** What follows the colon, unfolded (RFC 5322 §2.2.3). */
  value(): ByteString {
    const bytes = this.window.slice(this.colon + 1, this.end);
    let length = 0;
    for (let i = 0; i < bytes.length; i++) {
      const isLineEnd = bytes[i] === LF || (bytes[i] === CR && i + 1 < bytes.length && bytes[i + 1] === LF);
      if (!isLineEnd) bytes[length++] = bytes[i];
    }
    return latin1(bytes, 0, length);
  }

  private endOfField(start: number): number {
    let end = this.endOfLine(start);
    while (end < this.limit && isBlank(this.window.byteAt(end))) end = this.endOfLine(end);
    return end;
  }

  private endOfLine(start: number): number {
    const at = this.window.indexOf(LF, start, this.limit);
    return at < 0 ? this.limit : at + 1;
  }

  /** -1 where the line is no field. QUIRK: white space before the colon (RFC 5322 §4.5.8) is passed over. */
  private findColon(): number {
    let at = this.start;
    while (at < this.end && isNameByte(this.window.byteAt(at))) at++;
    if (at === this.start) return -1;
    while (at < this.end && isWhiteSpace(this.window.byteAt(at))) at++;
    return at < this.end && this.window.byteAt(at) === COLON ? at : -1;
  }
}

/** RFC 5322 §3.6.8. */
function isNameByte(byte: i32): boolean {
  return byte > 0x20 && byte < 0x7f && byte !== COLON;
}
