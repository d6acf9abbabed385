// Which files a list's footers are in: the names that iRedMail, mlmmj's contrib script and altermime's users have given them.

export enum FooterFormat {
  Text,
  Html,
  /** A text in base64. */
  Base64,
}

export class FooterFile {
  constructor(
    /** In `control/`. */
    readonly name: string,
    readonly format: FooterFormat,
  ) {}
}

/** In the order in which they count. */
export function textFooterFiles(): FooterFile[] {
  return [
    new FooterFile('footer_text', FooterFormat.Text),
    new FooterFile('amime-footer-text', FooterFormat.Text),
    new FooterFile('footer-text', FooterFormat.Text),
    new FooterFile('footer_base64', FooterFormat.Base64),
    new FooterFile('amime-footer-base64', FooterFormat.Base64),
  ];
}

/** In the order in which they count. */
export function htmlFooterFiles(): FooterFile[] {
  return [
    new FooterFile('footer_html', FooterFormat.Html),
    new FooterFile('amime-footer-html', FooterFormat.Html),
    new FooterFile('footer-html', FooterFormat.Html),
  ];
}
