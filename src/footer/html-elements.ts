// What a footer's reader makes of HTML's elements.
import { HtmlElement, isBlock, isHeading } from '../html/elements.ts';

/** Stands for the document itself. */
export function isDocumentFrame(element: i32): boolean {
  return element >= HtmlElement.Html && element <= HtmlElement.Frameset;
}

/** Belongs to a head. Anything else, or text, means that the body has begun without saying so. */
export function belongsToHead(element: i32): boolean {
  switch (element) {
    case HtmlElement.Title:
    case HtmlElement.Meta:
    case HtmlElement.Link:
    case HtmlElement.Base:
    case HtmlElement.Basefont:
    case HtmlElement.Bgsound:
    case HtmlElement.Style:
    case HtmlElement.Script:
    case HtmlElement.Noscript:
    case HtmlElement.Template:
      return true;
    default:
      return false;
  }
}

/** Says something about the whole page, charset included, also where it strays into a fragment. */
export function isPageWide(element: i32): boolean {
  return element === HtmlElement.Title || element === HtmlElement.Meta || element === HtmlElement.Base;
}

/** Its text is not shown. */
export function hidesItsText(element: i32): boolean {
  switch (element) {
    case HtmlElement.Title:
    case HtmlElement.Style:
    case HtmlElement.Script:
    case HtmlElement.Template:
    case HtmlElement.Noembed:
    case HtmlElement.Noframes:
    case HtmlElement.Datalist:
      return true;
    default:
      return false;
  }
}

/** Shows something without holding any text. */
export function showsWithoutText(element: i32): boolean {
  switch (element) {
    case HtmlElement.Img:
    case HtmlElement.Image:
    case HtmlElement.Picture:
    case HtmlElement.Hr:
    case HtmlElement.Svg:
    case HtmlElement.Video:
    case HtmlElement.Audio:
    case HtmlElement.Canvas:
    case HtmlElement.Object:
    case HtmlElement.Embed:
    case HtmlElement.Iframe:
    case HtmlElement.Input:
    case HtmlElement.Button:
    case HtmlElement.Select:
    case HtmlElement.Textarea:
    case HtmlElement.Meter:
    case HtmlElement.Progress:
    case HtmlElement.Math:
      return true;
    default:
      return false;
  }
}

/** While it is open, what follows may not be seen, or not as what it is. (Raw text is of the kind too.) */
export function mayHide(element: i32): boolean {
  switch (element) {
    case HtmlElement.Template:
    case HtmlElement.Select:
    case HtmlElement.Datalist:
    case HtmlElement.Details:
    case HtmlElement.Dialog:
    case HtmlElement.Noscript:
    case HtmlElement.Object:
    case HtmlElement.Video:
    case HtmlElement.Audio:
    case HtmlElement.Canvas:
    case HtmlElement.Svg:
    case HtmlElement.Math:
      return true;
    default:
      return false;
  }
}

// How text is laid out

/** A list with items. */
export function isList(element: i32): boolean {
  switch (element) {
    case HtmlElement.Ul:
    case HtmlElement.Ol:
    case HtmlElement.Menu:
    case HtmlElement.Dir:
      return true;
    default:
      return false;
  }
}

/** The white space of its text counts. */
export function isPre(element: i32): boolean {
  return element === HtmlElement.Pre || element === HtmlElement.Listing || element === HtmlElement.Xmp;
}

/** Line breaks between an element and what is around it: 0 within a line, 2 with a blank line. */
export function lineBreaks(element: i32): i32 {
  switch (element) {
    case HtmlElement.P:
    case HtmlElement.Blockquote:
    case HtmlElement.Dl:
    case HtmlElement.Table:
      return 2;
    case HtmlElement.Dd:
    case HtmlElement.Dt:
    case HtmlElement.Li:
    case HtmlElement.Td:
    case HtmlElement.Th:
    case HtmlElement.Tr:
    case HtmlElement.Caption:
    case HtmlElement.Legend:
    case HtmlElement.Option:
      return 1;
    default:
      if (isList(element) || isPre(element)) return 2;
      return isBlock(element) || isHeading(element) ? 1 : 0;
  }
}

/** A list or a table stands right after the text that introduces it, which may well be no paragraph. */
export function isCloseToWhatIsBefore(element: i32): boolean {
  return element === HtmlElement.Dl || element === HtmlElement.Table;
}

/** An end tag that may not be left out (HTML standard §13.1.2.4). */
export function needsEndTag(element: i32): boolean {
  if (element >= HtmlElement.P && element <= HtmlElement.Caption) return false;
  return element !== HtmlElement.Option && lineBreaks(element) > 0;
}
