/** What a mail reader shows of a text, as against what only stands in the file. */

/** Whether a reader would see nothing of it: blanks and characters without width or ink. */
export function isBlank(text: string): boolean {
  // Nearly every footer has some ASCII, and what Unicode says is only compiled for the others.
  if (/[!-~]/.test(text)) return false;
  // U+2800 is the braille pattern with no dots, a favourite for what shall look empty and not be.
  return !/[^\s\p{Default_Ignorable_Code_Point}\u2800]/u.test(text);
}

/** Character references that stand for a blank or for nothing, by their common names and by number. */
const BLANK_REFERENCE =
  /&(?:nbsp|ensp|emsp|thinsp|hairsp|zwnj|zwj|shy|lrm|rlm|NewLine|Tab|ZeroWidthSpace|NoBreak|#(?:0*(?:9|10|13|32|160|173|819[2-9]|820[0-7]|8232|8233|8239|8287|8288|12288|65279)|[xX]0*(?:9|[aA]|[dD]|20|[aA]0|[aA][dD]|200[0-9a-fA-F]|2028|2029|202[fF]|205[fF]|2060|3000|[fF][eE][fF][fF])))(?![0-9A-Za-z]);?/g;

/** Whether text between two tags has any ink, character references that are blanks taken as such. */
export function showsSomething(text: string): boolean {
  if (isBlank(text)) return false;
  return !text.includes('&') || !isBlank(text.replace(BLANK_REFERENCE, ' '));
}
