/** AssemblyScript's names for types, as the shared sources use them. Outside of this project nobody knows them. */
const TYPES: Readonly<Record<string, string>> = {
  i8: 'number',
  u8: 'number',
  i16: 'number',
  u16: 'number',
  i32: 'number',
  u32: 'number',
  f64: 'number',
  usize: 'number',
  bool: 'boolean',
};

/** A file of type declarations that declares by itself which of these it uses. Pure. */
export function selfContained(declarations: string): string {
  const used = Object.keys(TYPES).filter((name) => new RegExp(`[:<|(] *${name}\\b`).test(declarations));
  if (used.length === 0) return declarations;
  // Without an export of its own, a file of declarations exports all that it has.
  return `${declarations}${used.map((name) => `type ${name} = ${TYPES[name]};\n`).join('')}export {};\n`;
}
