// The list of active formatting elements (HTML standard, §13.2.4.3): what is opened again after a block has ended.
import { DEPTH_LIMIT, ElementStack } from './element-stack.ts';

/** Formatting elements that are remembered; mail has a few at a time. */
const FORMATTING_LIMIT: i32 = 64;

const LIMIT: i32 = FORMATTING_LIMIT + DEPTH_LIMIT;

/** Stands for an element that nothing before it reaches into: HtmlElement.Unknown is no formatting element. */
const MARKER: i32 = 0;

/** "The Noah's Ark clause": no more than three elements that are alike. */
const ALIKE_LIMIT: i32 = 3;

export class ActiveFormatting {
  length: i32 = 0;
  /** One could not be remembered. */
  isIncomplete: boolean = false;
  private count: i32 = 0;
  private readonly elements: Uint8Array = new Uint8Array(LIMIT);
  private readonly traits: Uint8Array = new Uint8Array(LIMIT);
  private readonly hashes: Int32Array = new Int32Array(LIMIT);
  /** Of the open element that stands for it; 0 where it has ended with a block around it. */
  private readonly serials: Int32Array = new Int32Array(LIMIT);

  elementAt(entry: i32): i32 {
    return this.elements[entry];
  }

  traitsAt(entry: i32): i32 {
    return this.traits[entry];
  }

  serialAt(entry: i32): i32 {
    return this.serials[entry];
  }

  /** @param hash the same for elements whose attributes are alike */
  add(element: i32, traits: i32, hash: i32, serial: i32): void {
    this.makeRoom(element, hash);
    if (this.count === FORMATTING_LIMIT || this.length === LIMIT) {
      this.isIncomplete = true;
      return;
    }
    const entry = this.length++;
    this.elements[entry] = u8(element);
    this.traits[entry] = u8(traits);
    this.hashes[entry] = hash;
    this.serials[entry] = serial;
    this.count++;
  }

  addMarker(): void {
    if (this.length === LIMIT) {
      this.isIncomplete = true;
      return;
    }
    this.elements[this.length] = u8(MARKER);
    this.serials[this.length++] = 0;
  }

  /** Forgets what was added since the last marker, and the marker. */
  clearToMarker(): void {
    while (this.length > 0) {
      const element: i32 = this.elements[--this.length];
      if (element === MARKER) return;
      this.count--;
    }
  }

  clear(): void {
    this.length = 0;
    this.count = 0;
  }

  /** The last one of a name since the last marker, or -1. */
  lastOf(element: i32): i32 {
    for (let i = this.length - 1; i >= 0 && this.elements[i] !== MARKER; i--) {
      if (this.elements[i] === element) return i;
    }
    return -1;
  }

  /** The entry that an open element stands for, or -1. */
  entryOf(serial: i32): i32 {
    for (let i = this.length - 1; i >= 0; i--) if (this.serials[i] === serial) return i;
    return -1;
  }

  /** The first of those at the list's end that are to be opened again; `length` where none is. */
  firstToReopen(): i32 {
    let entry = this.length;
    while (entry > 0 && this.elements[entry - 1] !== MARKER && this.serials[entry - 1] === 0) entry--;
    return entry;
  }

  /** The element that stands for an entry is now another one; 0: none. */
  setSerial(entry: i32, serial: i32): void {
    this.serials[entry] = serial;
  }

  remove(entry: i32): void {
    this.move(entry, this.length - 1);
    this.length--;
    this.count--;
  }

  /** Moves an entry; those between come one nearer to where it was. */
  move(from: i32, to: i32): void {
    const step = from < to ? 1 : -1;
    for (let i = from; i !== to; i += step) this.swap(i, i + step);
  }

  /** @param stack the other's; once saved and restored it has other serials */
  save(other: ActiveFormatting, stack: ElementStack): void {
    this.length = other.length;
    this.count = other.count;
    this.isIncomplete = other.isIncomplete;
    for (let i = 0; i < other.length; i++) {
      this.elements[i] = other.elements[i];
      this.traits[i] = other.traits[i];
      this.hashes[i] = other.hashes[i];
      const serial = other.serials[i];
      this.serials[i] = serial === 0 ? 0 : stack.indexOfSerial(other.elements[i], serial) + 1;
    }
  }

  private makeRoom(element: i32, hash: i32): void {
    let alike = 0;
    let earliest = -1;
    for (let i = this.length - 1; i >= 0 && this.elements[i] !== MARKER; i--) {
      if (this.elements[i] !== element || this.hashes[i] !== hash) continue;
      alike++;
      earliest = i;
    }
    if (alike >= ALIKE_LIMIT) this.remove(earliest);
  }

  private swap(a: i32, b: i32): void {
    const element = this.elements[a];
    const traits = this.traits[a];
    const hash = this.hashes[a];
    const serial = this.serials[a];
    this.elements[a] = this.elements[b];
    this.traits[a] = this.traits[b];
    this.hashes[a] = this.hashes[b];
    this.serials[a] = this.serials[b];
    this.elements[b] = element;
    this.traits[b] = traits;
    this.hashes[b] = hash;
    this.serials[b] = serial;
  }
}
