// Lines of text from words, line breaks and blocks, where browsers would break them in a window of any width.
import { DERIVED_LIMIT } from './limits.ts';
import { TextBuilder } from './text-builder.ts';

const LF: i32 = 0x0a;
const BLANK: i32 = 0x20;

/** What each line of a block begins with: a quote's `> `, a list item's marker and then as many blanks. */
class Prefix {
  isUsed: boolean = false;

  constructor(
    readonly first: string,
    readonly others: string,
  ) {}
}

/** What each cell of a table's row but the first begins with. */
const CELL_GAP: string = '  ';

/** Line breaks are only written before the next word: until then the blocks around it have their say. */
export class TextLayout {
  private readonly text: TextBuilder;
  private readonly prefixes: Prefix[] = [];
  private hasLine: boolean = false;
  /** White space since the last word of the line. */
  private hasSpace: boolean = false;
  /** The next cell of the row goes on in this line. */
  private hasGap: boolean = false;
  /** Line breaks that blocks want before the next word: the largest number counts. */
  private margin: i32 = 0;
  /** Blank lines that were asked for by `<br>`. */
  private blankLines: i32 = 0;
  /** How many prefixes the blank lines before the next word have: those that were open all the time. */
  private blankPrefixes: i32 = 0;
  private lines: i32 = 0;

  /** @param capacity how many characters there will be, about */
  constructor(capacity: i32) {
    this.text = new TextBuilder(capacity);
  }

  /** How many lines have been begun. */
  get lineCount(): i32 {
    return this.lines;
  }

  /** Characters so far, without what is pending: it grows with each word. */
  get length(): i32 {
    return this.text.length;
  }

  /** There is more than a footer may have; what is added from now on is of no use. */
  get isFull(): boolean {
    return this.text.length > DERIVED_LIMIT;
  }

  /** The next word begins in the line that is there already (true), or in the next one. */
  get isInLine(): boolean {
    return this.hasLine || this.hasGap;
  }

  // Words

  addCharacter(code: i32): void {
    this.beginWord();
    this.text.add(code);
  }

  /** White space, which is a blank if a word stands before and after it. */
  addSpace(): void {
    if (this.hasLine) this.hasSpace = true;
  }

  /** Text of one word, or text whose white space counts. */
  addWord(word: string): void {
    if (word === '') return;
    this.beginWord();
    this.text.addText(word);
  }

  /** Adds to the last word, even where its line is finished. */
  appendToLastWord(text: string): void {
    this.text.addText(text);
  }

  // Lines and blocks

  /** `<br>`: ends the line, or makes a blank one. */
  breakLine(): void {
    if (this.hasGap) return;
    if (this.hasLine) this.endLine();
    else this.blankLines++;
  }

  /** A block begins or ends. @param lineBreaks 1: its text has lines of its own; 2: with a blank line */
  separate(lineBreaks: i32): void {
    if (this.hasGap) return;
    if (this.hasLine) this.endLine();
    this.margin = max(this.margin, lineBreaks);
  }

  /** Goes on in the line that was finished last, two blanks after it, with whatever comes. */
  continueLine(): void {
    this.hasLine = false;
    this.hasSpace = false;
    this.hasGap = true;
    this.margin = 0;
    this.blankLines = 0;
  }

  /** No cell goes on in this line. */
  endRow(): void {
    this.hasGap = false;
    this.separate(1);
  }

  /** The lines from here on begin with this. @param first for the first of them, as long as `others` are */
  pushPrefix(first: string, others: string): void {
    this.prefixes.push(new Prefix(first, others));
  }

  /** Ends what `pushPrefix` began. A marker without any text after it gets a line of its own. */
  popPrefix(): void {
    const prefix = this.prefixes[this.prefixes.length - 1];
    const isMarker = prefix.first !== prefix.others;
    if (isMarker && !prefix.isUsed) this.beginWord();
    if (!isMarker) this.blankLines = 0;
    this.prefixes.pop();
    this.blankPrefixes = min(this.blankPrefixes, this.prefixes.length);
  }

  toString(): string {
    return this.text.text();
  }

  private endLine(): void {
    this.hasLine = false;
    this.hasSpace = false;
    this.blankPrefixes = this.prefixes.length;
  }

  private beginWord(): void {
    if (this.hasGap) {
      this.text.addText(CELL_GAP);
      this.addMarkers();
    } else if (!this.hasLine) this.beginLine();
    else if (this.hasSpace) this.text.add(BLANK);
    this.hasLine = true;
    this.hasSpace = false;
    this.hasGap = false;
  }

  private beginLine(): void {
    if (this.text.length > 0) {
      this.text.add(LF);
      const blankLines = this.blankLines + max(this.margin - 1, 0);
      for (let i = 0; i < blankLines && !this.isFull; i++) {
        for (let depth = 0; depth < this.blankPrefixes; depth++)
          this.text.addText(this.prefixes[depth].others);
        this.text.add(LF);
      }
    }
    this.lines++;
    this.margin = 0;
    this.blankLines = 0;
    for (let i = 0; i < this.prefixes.length; i++) {
      const prefix = this.prefixes[i];
      this.text.addText(prefix.isUsed ? prefix.others : prefix.first);
      prefix.isUsed = true;
    }
  }

  /** The markers of list items that begin within a line. */
  private addMarkers(): void {
    for (let i = 0; i < this.prefixes.length; i++) {
      if (this.prefixes[i].isUsed) continue;
      this.text.addText(this.prefixes[i].first);
      this.prefixes[i].isUsed = true;
    }
  }
}
