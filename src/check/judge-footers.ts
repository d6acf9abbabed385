import type { FooterFileFacts, HostFacts, ListFacts } from './facts.ts';
import { type Finding, note, right, wrong } from './finding.ts';

/** Bytes. A footer is sent with every post; one that is longer than many posts is worth a second look. */
const LARGE_FOOTER = 8 * 1024;

/** Of the room that `maxmailsize` leaves, what footers may take before that is worth a word. */
const LARGE_PART = 0.1;

/** What is right and wrong with a list's footers and their settings: one finding for each fact. */
export function judgeFooters(subject: string, list: ListFacts, host: HostFacts): Finding[] {
  const { troubles, isShown } = list.footers;
  // Of what is closed to us, that alone is said.
  const files = list.footers.files.filter(({ name }) => !isClosed(list, name));
  const areKnown = files.length === list.footers.files.length;
  const findings = files.flatMap((file) => judgeFile(subject, list, host, file));
  for (const trouble of troubles) {
    findings.push(
      wrong(subject, `${trouble}, which a footer quotes`, `mend it in ${list.directory}/control`),
    );
  }
  const used = files.filter(({ use }) => use === 'used').map(({ name }) => `control/${name}`);
  if (isShown) findings.push(right(subject, `has a footer: ${used.join(', ')}`));
  else if (areKnown && files.length === 0)
    findings.push(note(subject, 'has no footer: posts go out as they come'));
  else if (areKnown && findings.length === 0) {
    const named = files.map(({ name }) => `control/${name}`).join(', ');
    findings.push(
      wrong(subject, `its footer shows nothing: ${named}`, 'write something into the file, or remove it'),
    );
  }
  return [
    ...findings,
    ...judgeSize(subject, list),
    ...judgeSettings(subject, list),
    ...judgeMlmmjsOwn(subject, list),
  ];
}

/** Whether a file in `control/` is closed to whoever asks. */
export function isClosed({ directory, closed }: ListFacts, name: string): boolean {
  return closed.includes(`${directory}/control/${name}`);
}

function judgeFile(subject: string, list: ListFacts, host: HostFacts, file: FooterFileFacts): Finding[] {
  const name = `control/${file.name}`;
  const path = `${list.directory}/${name}`;
  const { isShown } = list.footers;
  switch (file.use) {
    case 'unusable': {
      const price = isShown ? '; the other half is used alone' : '';
      return [wrong(subject, `control/${file.trouble}${price}`, mendOf(file.trouble, path, host))];
    }
    case 'blank':
      return isShown ? [note(subject, `${name} is blank and counts as absent`)] : [];
    case 'passed over':
      return [note(subject, `${name} is not used beside control/${file.instead}`, `rm ${path}`)];
    case 'used':
      return judgeContent(subject, name, path, file);
  }
}

function mendOf(trouble: string, path: string, host: HostFacts): string {
  if (trouble.includes('cannot be read'))
    return `chown ${host.user?.name ?? 'mlmmj'} ${path}, and chmod u+r ${path}`;
  return trouble.includes('larger than') ? `shorten ${path}` : `write a text into ${path}`;
}

function judgeContent(subject: string, name: string, path: string, file: FooterFileFacts): Finding[] {
  const findings: Finding[] = [];
  if (!file.isUtf8)
    findings.push(
      wrong(subject, `${name} is not UTF-8; it is read as windows-1252`, `save ${path} as UTF-8`),
    );
  if (file.size > LARGE_FOOTER) {
    const size = `${Math.ceil(file.size / 1024)} KiB`;
    findings.push(note(subject, `${name} is ${size}, which every post carries`, `shorten ${path}`));
  }
  if (file.tags.length > 0) {
    findings.push(
      wrong(
        subject,
        `${name} would break the page it is put into: ${file.tags.join(', ')}`,
        `close the tags in ${path}`,
      ),
    );
  }
  if (file.dead.length > 0) {
    findings.push(
      wrong(
        subject,
        `${name} has what mail readers take out or cannot follow: ${file.dead.join(', ')}`,
        `remove it from ${path}; pictures and links need a whole address (https://…)`,
      ),
    );
  }
  if (file.unknownWords.length > 0) {
    const words = file.unknownWords.map((word) => `$${word}$`).join(', ');
    findings.push(
      wrong(subject, `${name} has ${words}, for which nothing is put in`, `${WORDS}; mend ${path}`),
    );
  }
  return findings;
}

const WORDS =
  'known are $list$, $list+$, $domain$, $listaddr$, $listowner$, $listsubaddr$, $listunsubaddr$, $helpaddr$, $faqaddr$ and $control NAME$ of a file that is there';

/** mlmmj counts what the footers add, so that the program leaves them out where a post would become too large. */
function judgeSize(subject: string, { directory, footers }: ListFacts): Finding[] {
  const { size, room, isShown } = footers;
  if (!isShown || room === undefined || size <= LARGE_PART * room) return [];
  const mend = `a larger number in ${directory}/control/maxmailsize`;
  if (size >= room)
    return [wrong(subject, 'control/maxmailsize leaves no room for a footer: no post gets one', mend)];
  return [
    note(subject, `by control/maxmailsize, posts of more than ${room - size} bytes get no footer`, mend),
  ];
}

function judgeSettings(subject: string, { directory, settings }: ListFacts): Finding[] {
  return [
    ...settings.meaningless.map(({ name, value, countsAs }) =>
      wrong(
        subject,
        `control/${name} is "${value.slice(0, 40)}", which means nothing: it counts as ${countsAs}`,
        `correct or remove ${directory}/control/${name}`,
      ),
    ),
    ...settings.unread.map((name) =>
      note(
        subject,
        `control/${name} is read by nothing: is its name right?`,
        'the manual page names the files',
      ),
    ),
  ];
}

function judgeMlmmjsOwn(subject: string, list: ListFacts): Finding[] {
  if (!list.mlmmjFooter) return [];
  return [
    wrong(
      subject,
      "mlmmj's own control/footer is set too: plain text would get two footers, and MIME mail would be damaged",
      `rm ${list.directory}/control/footer`,
    ),
  ];
}
