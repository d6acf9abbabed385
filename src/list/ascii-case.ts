/** ASCII only: what other letters fold to depends on whom one asks, and a directory is named in one way. */
export function folded(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
