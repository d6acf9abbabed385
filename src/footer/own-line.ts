/** Elements before which readers break the line (HTML standard, §15.3), and `<br>`. */
const BREAKING = new Set(
  (
    'address article aside blockquote br center details dir div dl fieldset figure footer form ' +
    'h1 h2 h3 h4 h5 h6 header hr listing main menu nav ol p pre section table ul'
  ).split(' '),
);

/**
 * HTML that begins on a line of its own wherever it is put, as a text footer does: text, a link or a picture at its
 * start would go on in the post's last line. Unchanged where its first element breaks the line by itself.
 */
export function onItsOwnLine(html: string): string {
  return BREAKING.has(firstElement(html)) ? html : `<div>${html}</div>`;
}

/** The name of the element that HTML begins with, comments left out; '' where it begins with text. */
function firstElement(html: string): string {
  let rest = html.trimStart();
  while (rest.startsWith('<!--')) {
    const end = rest.indexOf('-->', 4);
    rest = end < 0 ? '' : rest.slice(end + 3).trimStart();
  }
  return /^<([a-z][a-z0-9]*)[\s/>]/i.exec(rest)?.[1]?.toLowerCase() ?? '';
}
