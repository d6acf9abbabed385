import { Tokenizer } from 'htmlparser2';

/** Elements without an end tag. */
const VOID = new Set(
  'area base br col embed frame hr img input link meta param source track wbr basefont bgsound keygen'.split(
    ' ',
  ),
);

/** Elements whose end tag HTML lets one leave out: what follows in the page ends them without harm. */
const OPTIONAL_END = new Set(
  'p li dt dd option optgroup tr td th thead tbody tfoot colgroup html head body'.split(' '),
);

const nothing = () => undefined;

/** What the tokenizer also reports, and what opens and closes nothing. */
const IGNORED = {
  onattribdata: nothing,
  onattribend: nothing,
  onattribentity: nothing,
  onattribname: nothing,
  oncdata: nothing,
  oncomment: nothing,
  ondeclaration: nothing,
  onend: nothing,
  onopentagend: nothing,
  onprocessinginstruction: nothing,
  // HTML takes no notice of the slash in `<div/>`: the element stays open.
  onselfclosingtag: nothing,
  ontext: nothing,
  ontextentity: nothing,
};

/**
 * What a fragment would do to the page that it is put into: tags that it opens and does not close (a `<b>` makes all
 * that follows bold, a `<!--` or `<style>` hides it), and end tags of what it did not open (a `</div>` closes the
 * page's own). Empty where the fragment is complete in itself.
 */
export function tagTrouble(html: string): string[] {
  const open: string[] = [];
  const trouble: string[] = [];
  const missingEnd = (name: string) => {
    if (!OPTIONAL_END.has(name)) trouble.push(`<${name}> without </${name}>`);
  };
  const nameAt = (start: number, end: number) => html.slice(start, end).toLowerCase();
  const tokenizer = new Tokenizer(
    { xmlMode: false, decodeEntities: false },
    {
      onopentagname(start, end) {
        const name = nameAt(start, end);
        if (!VOID.has(name)) open.push(name);
      },
      onclosetag(start, end) {
        const name = nameAt(start, end);
        const at = open.lastIndexOf(name);
        if (at >= 0) open.splice(at).slice(1).forEach(missingEnd);
        else if (!VOID.has(name)) trouble.push(`</${name}> without <${name}>`);
      },
      ...IGNORED,
    },
  );
  tokenizer.write(html);
  tokenizer.end();
  open.forEach(missingEnd);
  const comment = html.lastIndexOf('<!--');
  if (comment >= 0 && !html.includes('-->', comment + 2)) trouble.push('<!-- without -->');
  const tag = /<[a-z/][^<>]*$/i.exec(html);
  if (tag) trouble.push(`${tag[0].slice(0, 20)} without >`);
  return [...new Set(trouble)];
}
