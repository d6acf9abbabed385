/** One line of what `check` has to say. */
export interface Finding {
  /**
   * `right`: nothing to do. `note`: works, and worth knowing. `wrong`: to be mended. `unknown`: it could not be looked at,
   * which is never right. `wrong` and `unknown` each make `check` fail, with a status of their own.
   */
  readonly level: 'right' | 'note' | 'wrong' | 'unknown';
  /** What it is about: a list's address or directory, Postfix, Amavisd. */
  readonly subject: string;
  readonly what: string;
  /** How to mend it, in a sentence or as a command; undefined where nothing needs to be. */
  readonly mend: string | undefined;
}

export function right(subject: string, what: string): Finding {
  return { level: 'right', subject, what, mend: undefined };
}

export function note(subject: string, what: string, mend?: string): Finding {
  return { level: 'note', subject, what, mend };
}

export function wrong(subject: string, what: string, mend: string): Finding {
  return { level: 'wrong', subject, what, mend };
}

export function unknown(subject: string, what: string, mend: string): Finding {
  return { level: 'unknown', subject, what, mend };
}
