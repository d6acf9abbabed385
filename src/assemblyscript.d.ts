/**
 * What AssemblyScript has built in, as TypeScript sees it: enough for the sources that both compilers take. On Node
 * the functions come from portable.ts.
 */
declare type i8 = number;
declare type u8 = number;
declare type i16 = number;
declare type u16 = number;
declare type i32 = number;
declare type u32 = number;
declare type f64 = number;
declare type bool = boolean;

/** Each keeps the low bits of a number, as storing it in that type does. `i32` truncates towards zero. */
declare function u8(value: number): u8;
declare function u16(value: number): u16;
declare function i32(value: number): i32;
declare function u32(value: number): u32;
declare function f64(value: number): f64;

declare function min<T extends number>(left: T, right: T): T;
declare function max<T extends number>(left: T, right: T): T;

/** 0 on Node, 1 in the native program. asc drops the branch that is not its own before it looks at the names in it. */
declare const ASC_TARGET: i32;

/** An array whose length is fixed. A literal of numbers is data of the native program and costs nothing at its start. */
declare type StaticArray<T> = T[];

/** An address in the native program's memory. */
declare type usize = number;
interface Uint8Array<TArrayBuffer extends ArrayBufferLike = ArrayBufferLike> {
  /** AssemblyScript alone: the address of the first byte. */
  readonly dataStart: usize;
}

/** AssemblyScript alone: frees what nothing refers to any more. No function of the program may be running below it. */
declare function __collect(): void;

/** AssemblyScript alone: moves a block of the native program's memory. */
declare namespace memory {
  function copy(to: usize, from: usize, length: usize): void;
}

interface StringConstructor {
  /** AssemblyScript alone. */
  readonly UTF8: { decodeUnsafe(address: usize, length: usize): string };
  /** AssemblyScript alone. */
  readonly UTF16: { decodeUnsafe(address: usize, length: usize): string };
}

interface Uint16Array<TArrayBuffer extends ArrayBufferLike = ArrayBufferLike> {
  /** AssemblyScript alone: the address of the first element. */
  readonly dataStart: usize;
}
