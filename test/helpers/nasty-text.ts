// Texts as attackers and odd mail systems make them.
import fc from 'fast-check';

/** Bits and pieces of addresses and paths. */
export const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '/',
        '\\',
        '\0',
        '%2e',
        '%',
        '%u',
        '%d',
        '@',
        '"',
        '<',
        '>',
        '+',
        '-',
        '=',
        '\n',
        '\r',
        ' ',
      ),
      fc.constantFrom(
        'news',
        'example.org',
        'control',
        '\u202e',
        '\u200b',
        '\ufeff',
        '\ufffd',
        'é',
        'e\u0301',
        '\u00ad',
        '~',
        '*',
      ),
      fc.string({ maxLength: 4, unit: 'binary' }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
