/** One thing that an installation changes. `before` is undefined where nothing was there. */
export type Change =
  | {
      readonly kind: 'setting';
      readonly name: string;
      readonly before: string | undefined;
      readonly after: string;
    }
  | {
      readonly kind: 'service';
      /** As postconf names it: `mlmmj/unix`. */
      readonly key: string;
      readonly before: string | undefined;
      readonly after: string;
    }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly before: string | undefined;
      readonly after: string;
      /** Files with a password are for root and Postfix only; they are never shown. */
      readonly secret: boolean;
      /** `hash:/path` where postmap(1) has to make an index of the file. */
      readonly index: string | undefined;
    }
  | { readonly kind: 'account'; readonly user: string; readonly home: string }
  | { readonly kind: 'spool'; readonly path: string; readonly user: string };

/** What an installation would do, and what it would like the operator to know. */
export interface Plan {
  readonly changes: readonly Change[];
  /** What was found right, or left as it was on purpose. */
  readonly kept: readonly string[];
  /** What remains to be done or looked at by hand. */
  readonly notes: readonly string[];
}

/** One line for people. */
export function describeChange(change: Change): string {
  switch (change.kind) {
    case 'setting':
      return `main.cf: ${change.name} = ${change.after}${was(change.before)}`;
    case 'service':
      // A new service is shown in full by the difference of master.cf; a changed one is worth a look in any case.
      if (change.before === undefined) return `master.cf: new service ${change.key}`;
      return `master.cf: ${change.after}${was(change.before)}`;
    case 'file':
      return `${change.before === undefined ? 'new file' : 'file'} ${change.path}`;
    case 'account':
      return `new user ${change.user}, at home in ${change.home}`;
    case 'spool':
      return `new directory ${change.path}, owned by ${change.user}`;
  }
}

function was(before: string | undefined): string {
  return before === undefined ? '' : `\n      was: ${before.replace(/\s+/g, ' ')}`;
}
