/** What comes from a message, as it may stand on a terminal: one line, nothing that a terminal obeys, not too long. */
export function terminalText(text: string, limit = 60): string {
  const printable = text.replace(/[^ -~]/g, '?');
  return printable.length > limit ? `${printable.slice(0, limit - 1)}…` : printable;
}

export function sizeInWords(bytes: number): string {
  if (bytes < 1024) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

export interface Colours {
  readonly good: (text: string) => string;
  readonly left: (text: string) => string;
  readonly quiet: (text: string) => string;
  readonly strong: (text: string) => string;
}

export function colours(wanted: boolean): Colours {
  const paint = (code: number) => (text: string) => (wanted ? `\x1b[${code}m${text}\x1b[0m` : text);
  return { good: paint(32), left: paint(33), quiet: paint(2), strong: paint(1) };
}
