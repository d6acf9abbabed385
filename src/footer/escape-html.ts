// Text as it is written in HTML.
import { TextBuilder } from './text-builder.ts';

/** Safe as an element's content and inside an attribute in either kind of quotes. */
export function escapeHtml(text: string): string {
  const html = new TextBuilder(text.length + 8);
  addEscaped(html, text, 0, text.length);
  return html.text();
}

/** Adds text[from, to) as `escapeHtml` writes it. */
export function addEscaped(html: TextBuilder, text: string, from: i32, to: i32): void {
  for (let i = from; i < to; i++) {
    const code: i32 = text.charCodeAt(i);
    if (code === 0x26) html.addText('&amp;');
    else if (code === 0x3c) html.addText('&lt;');
    else if (code === 0x3e) html.addText('&gt;');
    else if (code === 0x22) html.addText('&quot;');
    else if (code === 0x27) html.addText('&#39;');
    else html.add(code);
  }
}
