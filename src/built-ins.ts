/**
 * AssemblyScript's built-in functions on Node. Bundles get these injected where the shared sources use them, and leave the
 * global object alone; without a bundler portable.ts makes them global.
 */

export const ASC_TARGET = 0;

export function u8(value: number): number {
  return value & 0xff;
}

export function u16(value: number): number {
  return value & 0xffff;
}

export function i32(value: number): number {
  return value | 0;
}

export function u32(value: number): number {
  return value >>> 0;
}

export function f64(value: number): number {
  return value;
}

export function min(left: number, right: number): number {
  return Math.min(left, right);
}

export function max(left: number, right: number): number {
  return Math.max(left, right);
}
