/**
 * AssemblyScript's built-in functions on Node: whatever runs the shared sources there without a bundler imports this
 * file first. Bundles get them injected instead and leave the global object alone.
 */
const BUILT_INS = {
  ASC_TARGET: 0,
  u8: (value: number): number => value & 0xff,
  u16: (value: number): number => value & 0xffff,
  i32: (value: number): number => value | 0,
  u32: (value: number): number => value >>> 0,
  f64: (value: number): number => value,
  min: (left: number, right: number): number => (left < right ? left : right),
  max: (left: number, right: number): number => (left > right ? left : right),
};

Object.assign(globalThis, BUILT_INS);
