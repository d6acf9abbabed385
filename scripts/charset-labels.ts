/** Collects all labels by which mail names the charsets that this program knows, and packs them for binary search. */
// @ts-expect-error: the package has no types for it, as it is not among its exports.
import WHATWG_LABELS from '../node_modules/@exodus/bytes/fallback/encoding.labels.js';
import { IANA_CHARACTER_SETS } from './iana-character-sets.ts';

/**
 * Encodings of the standard that are none of ours: `replacement` stands for those that browsers refuse for their own
 * safety, and what a text in `x-user-defined` says nobody knows.
 */
const NOT_OURS = ['replacement', 'x-user-defined'];

/**
 * Labels that the standard gives to a superset, which mail must keep apart: a reader that knows the smaller set only
 * shows nothing beyond it.
 */
const OWN_CHARSET: readonly (readonly [charset: string, ...labels: string[]])[] = [
  ['us-ascii', 'ascii', 'ansi_x3.4-1968', 'us-ascii'],
  [
    'iso-8859-1',
    'cp819',
    'csisolatin1',
    'ibm819',
    'iso-8859-1',
    'iso-ir-100',
    'iso8859-1',
    'iso88591',
    'iso_8859-1',
    'iso_8859-1:1987',
    'l1',
    'latin1',
  ],
  [
    'iso-8859-9',
    'csisolatin5',
    'iso-8859-9',
    'iso-ir-148',
    'iso8859-9',
    'iso88599',
    'iso_8859-9',
    'iso_8859-9:1989',
    'l5',
    'latin5',
  ],
  ['iso-8859-11', 'iso-8859-11', 'iso8859-11', 'iso885911'],
  ['tis-620', 'tis-620'],
  ['gb2312', 'chinese', 'csgb2312', 'csiso58gb231280', 'gb2312', 'gb_2312', 'gb_2312-80', 'iso-ir-58'],
  ['utf-16', 'csunicode', 'iso-10646-ucs-2', 'ucs-2', 'unicode', 'utf-16'],
  ['iso-8859-8', 'csiso88598i', 'iso-8859-8-i', 'logical'],
];

/** What neither registry has, and mail does: names of PHP, Python, Java, ICU, MySQL and of Windows' code pages. */
const SEEN_IN_MAIL: readonly (readonly [charset: string, ...labels: string[]])[] = [
  ['us-ascii', '646', 'iso-646-us', 'ansi', 'cp20127', 'x-ascii'],
  ['utf-8', 'utf8mb4', 'utf8mb3', 'utf-8-sig', 'cp65001', 'windows-65001', 'unicode-2-0-utf-8'],
  ['utf-7', 'cp65000', 'x-utf-7'],
  ['utf-16', 'ucs2', 'unicode-1-1'],
  ['utf-16le', 'ucs-2le', 'cp1200'],
  ['utf-16be', 'ucs-2be', 'cp1201'],
  ['utf-32', 'ucs-4'],
  ['utf-32le', 'ucs-4le', 'cp12000'],
  ['utf-32be', 'ucs-4be', 'cp12001'],
  ['iso-8859-13', 'latin7', 'l7'],
  ['iso-8859-15', 'latin9', 'latin0', 'cp923', 'ibm923'],
  ['shift_jis', 'cp932', 'ibm943', 'windows-932', 'windows-943', 'ms-kanji', 'x-ms-cp932'],
  ['euc-jp', 'eucjp-ms', 'eucjp-win', 'ujis', 'cp20932'],
  [
    'iso-2022-jp',
    'jis',
    'iso-2022-jp-1',
    'iso-2022-jp-3',
    'iso-2022-jp-2004',
    'iso-2022-jp-ext',
    'iso-2022-jp-ms',
    'iso-2022-jp-mobile',
    'cp50221',
    'cp50222',
  ],
  ['euc-kr', 'cp949', 'ms949', 'uhc', 'windows-949', 'ks_c_5601', 'ks_x_1001', 'cp51949', 'euckr-ms'],
  ['iso-2022-kr', 'cp50225'],
  ['gb2312', 'euc-cn', 'cn-gb', 'cp20936', 'cp51936'],
  ['gbk', '936', 'cp-gbk'],
  ['gb18030', 'cp54936', 'windows-54936', 'gb18030-2000', 'gb18030-2005', 'gb18030-2022'],
  ['hz-gb-2312', 'hz', 'cp52936'],
  [
    'big5',
    'cp950',
    'ms950',
    'windows-950',
    'x-big5',
    'big5-eten',
    'big5-2003',
    'big5-hkscs-2004',
    'big-five',
  ],
  ['koi8-r', 'cp20866'],
  ['koi8-u', 'cp21866'],
  ['ibm866', 'windows-866', 'dos-866'],
  ['macintosh', 'mac-roman', 'cp10000', 'x-macintosh'],
  ['x-mac-cyrillic', 'mac-cyrillic', 'mac-ukrainian', 'cp10007'],
  ['windows-874', 'cp874', 'ms874'],
  ...Array.from({ length: 9 }, (_, i): [string, ...string[]] => [
    `windows-125${i}`,
    `cp125${i}`,
    `win-125${i}`,
    `ms-125${i}`,
    `ibm-125${i}`,
  ]),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16].map((n): [string, ...string[]] => [
    `iso-8859-${n}`,
    `iso8859-${n}`,
    `8859-${n}`,
    ...(n < 10 ? [`cp2859${n}`] : []),
  ]),
  ['iso-8859-13', 'cp28603'],
  ['iso-8859-15', 'cp28605'],
];

/** Every label of the registries and of SEEN_IN_MAIL, with the charset it means here. */
export function allLabels(): Map<string, string> {
  const labels = new Map<string, string>();
  for (const [encoding, aliases] of Object.entries(WHATWG_LABELS as Record<string, string[]>)) {
    if (!NOT_OURS.includes(encoding)) for (const label of [encoding, ...aliases]) labels.set(label, encoding);
  }
  for (const [charset, ...names] of OWN_CHARSET) for (const label of names) labels.set(label, charset);
  // The registry knows better than a browser what a name in mail promises.
  for (const [charset, ...names] of IANA_CHARACTER_SETS)
    for (const label of names) labels.set(label, charset);
  for (const [charset, ...names] of SEEN_IN_MAIL) for (const label of names) labels.set(label, charset);
  return labels;
}

/** As labels.ts compares them (UTS #22 §1.4): letters in lower case and digits, and nothing between them. */
function normalized(label: string): string {
  return label.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** First unit that stands for a charset in the packed string: no label has it. */
const CHARSET_UNIT = 0x100;

export interface PackedLabels {
  readonly charsets: readonly string[];
  readonly packed: string;
}

/** Each label followed by one unit that tells its charset, in ascending order. */
export function packedLabels(): PackedLabels {
  const byForm = new Map<string, string>();
  for (const [label, charset] of allLabels()) {
    const form = normalized(label);
    const other = byForm.get(form);
    if (other !== undefined && other !== charset)
      throw new Error(`${label} means ${charset}, and its form ${form} also ${other}`);
    byForm.set(form, charset);
  }
  const charsets = [...new Set(byForm.values())].sort();
  const forms = [...byForm.keys()].sort((a, b) => (a < b ? -1 : 1));
  // `xsjis` is found as `sjis`: see labels.ts.
  const needed = forms.filter(
    (form) => !(form.startsWith('x') && byForm.get(form.slice(1)) === byForm.get(form)),
  );
  const packed = needed
    .map((form) => form + String.fromCharCode(CHARSET_UNIT + charsets.indexOf(byForm.get(form)!)))
    .join('');
  return { charsets, packed };
}
