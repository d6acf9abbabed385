/** Data as string literals: the one kind of constant that both worlds keep as it is, without work at their start. */

/** A literal with these UTF-16 code units. What an editor, a diff or a linter could trip over is escaped. */
export function stringLiteral(units: readonly number[]): string {
  return `'${units.map(spelled).join('')}'`;
}

/** Two bytes in each unit, the first one low. */
export function bytesLiteral(bytes: readonly number[]): string {
  const units: number[] = [];
  for (let i = 0; i < bytes.length; i += 2) units.push(bytes[i]! | ((bytes[i + 1] ?? 0) << 8));
  return stringLiteral(units);
}

export function unitsOf(text: string): number[] {
  return Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
}

function spelled(unit: number): string {
  if (unit === 0x5c) return '\\\\';
  const isQuote = unit === 0x22 || unit === 0x27;
  const isPlain = (unit >= 0x20 && unit < 0x7f && !isQuote) || isIdeographOrHangul(unit);
  return isPlain ? String.fromCharCode(unit) : `\\u${unit.toString(16).padStart(4, '0')}`;
}

/** Assigned since Unicode 1.1 or 3.0, without marks, and the same in every normalization form. */
function isIdeographOrHangul(unit: number): boolean {
  return (
    (unit >= 0x3400 && unit <= 0x4db5) ||
    (unit >= 0x4e00 && unit <= 0x9fa5) ||
    (unit >= 0xac00 && unit <= 0xd7a3)
  );
}
