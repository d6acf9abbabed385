/** Writers of test mail: text into bytes of a charset, bytes into transfer encodings, in the ways real mailers do it. */
import iconv from 'iconv-lite';

/** Sample text in a language of each charset that lists meet. Every line can be written in that charset. */
export const SAMPLES: Readonly<Record<string, string>> = {
  'us-ascii': 'The quick brown fox jumps over the lazy dog.',
  'utf-8': 'Zwölf Boxkämpfer, naïve façade, Ελληνικά, русский, 日本語, emoji 🎉.',
  'utf-16': 'Zwölf Boxkämpfer, 日本語, 🎉.',
  'utf-16le': 'Zwölf Boxkämpfer, 日本語, 🎉.',
  'utf-16be': 'Zwölf Boxkämpfer, 日本語, 🎉.',
  'iso-8859-1': 'Schöne Grüße aus Österreich, façade, ¿qué tal?',
  'iso-8859-2': 'Příliš žluťoučký kůň, zażółć gęślą jaźń.',
  'iso-8859-3': 'Eĥoŝanĝo ĉiuĵaŭde, Ġgantija.',
  'iso-8859-4': 'Šiaurės vėjas ķēniņš.',
  'iso-8859-5': 'Съешь же ещё этих мягких булок.',
  'iso-8859-6': 'السلام عليكم ورحمة الله',
  'iso-8859-7': 'Ξεσκεπάζω την ψυχοφθόρα βδελυγμία.',
  'iso-8859-8': 'שלום לכולם, מה שלומכם?',
  'iso-8859-9': 'Pijamalı hasta yağız şoföre çabucak güvendi.',
  'iso-8859-10': 'Ærø, þing, ŋ, Šiauliai.',
  'iso-8859-11': 'สวัสดีครับ ทุกคน',
  'iso-8859-13': 'Įlinkdama fechtuotojo špaga.',
  'iso-8859-14': 'Ŵy ŷd, ḃó ċaol.',
  'iso-8859-15': 'Prix: 25 €, œuvre, Žižka.',
  'iso-8859-16': 'Mâncă șapte țânțari, 10 €.',
  'windows-1250': 'Příliš žluťoučký kůň – „uvozovky“.',
  'windows-1251': 'Съешь же ещё этих мягких булок – «кавычки».',
  'windows-1252': 'Schöne Grüße – „Anführung“, 25 €.',
  'windows-1253': 'Ξεσκεπάζω την ψυχοφθόρα – «λόγια».',
  'windows-1254': 'Pijamalı hasta yağız şoföre – “alıntı”.',
  'windows-1255': 'שלום לכולם – מה שלומכם?',
  'windows-1256': 'السلام عليكم – ورحمة الله',
  'windows-1257': 'Įlinkdama fechtuotojo špaga – „kabutės“.',
  'windows-1258': 'Xin chào các em – “trích”.',
  'koi8-r': 'Съешь же ещё этих мягких французских булок.',
  'koi8-u': "Жебракують філософи, з'їж ґанок, їжак.",
  gb2312: '你好，世界。邮件列表测试。',
  gbk: '你好，世界。繁體字也行。',
  gb18030: '你好，世界。𠀀 也行。',
  big5: '你好，世界。郵件列表測試。',
  'euc-jp': 'こんにちは世界、日本語のメールです。',
  shift_jis: 'こんにちは世界、日本語のメールです。表示ソ能。',
  'iso-2022-jp': 'こんにちは世界、日本語のメールです。',
  'euc-kr': '안녕하세요 세계, 한국어 메일입니다.',
};

/** Text in a charset's bytes. Throws where the charset cannot hold it: a test must not start from damaged text. */
export function encodeText(text: string, charset: string): Buffer {
  if (charset === 'us-ascii') return Buffer.from(text, 'ascii');
  if (charset === 'iso-2022-jp') return iso2022jp(text);
  const bytes =
    charset === 'utf-16'
      ? Buffer.concat([Buffer.from([0xfe, 0xff]), iconv.encode(text, 'utf-16be')])
      : iconv.encode(text, charset);
  const back = iconv.decode(bytes, charset === 'utf-16' ? 'utf-16' : charset);
  if (back !== text) throw new Error(`${charset} cannot hold ${JSON.stringify(text)}`);
  return bytes;
}

/** RFC 1468: every line begins and ends in ASCII. */
function iso2022jp(text: string): Buffer {
  const bytes: number[] = [];
  let wide = false;
  const shift = (toWide: boolean) => {
    if (wide !== toWide) bytes.push(0x1b, ...(toWide ? [0x24, 0x42] : [0x28, 0x42]));
    wide = toWide;
  };
  for (const character of text) {
    const encoded = [...iconv.encode(character, 'euc-jp')];
    shift(encoded.length === 2);
    bytes.push(...encoded.map((byte) => byte & 0x7f));
  }
  shift(false);
  return Buffer.from(bytes);
}

export interface QuotedPrintableStyle {
  /** Longest line with its `=`, at most 76. */
  readonly width: number;
  /** The text's last line ends with a soft break, as some mailers leave it. */
  readonly softEnd: boolean;
}

export function quotedPrintable(bytes: Buffer, eol: string, style: QuotedPrintableStyle): string {
  const lines = bytes.toString('latin1').split(/\r?\n/);
  const encoded = lines.map((line) => {
    const units = [...line].map((character, i) => {
      const blankAtEnd = /[ \t]/.test(character) && i === line.length - 1;
      return /[ \t!-<>-~]/.test(character) && !blankAtEnd ? character : hex(character);
    });
    let [out, room] = ['', style.width - 1];
    units.forEach((unit, i) => {
      const needed = i === units.length - 1 ? unit.length - 1 : unit.length;
      if (needed > room) {
        out += `=${eol}`;
        room = style.width - 1;
      }
      out += unit;
      room -= unit.length;
    });
    return out;
  });
  return encoded.join(eol) + (style.softEnd && lines.at(-1) !== '' ? `=${eol}` : '');
}

function hex(character: string): string {
  return `=${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

export function base64(bytes: Buffer, eol: string, width: number): string {
  return (bytes.toString('base64').match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(eol);
}
