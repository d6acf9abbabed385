/** What is so for many lists at once, and for one reason: said once, with the lists' names. Pure. */
import type { HostFacts, ListFacts } from './facts.ts';
import { type Finding, note, wrong } from './finding.ts';

/** Lists that are named one by one; a host may have hundreds. */
const NAMED = 5;

export function judgeLists(host: HostFacts, all: readonly ListFacts[]): Finding[] {
  const lists = all.filter(({ trouble }) => trouble === undefined);
  return [...judgeToCc(host, lists), ...judgeMaintenance(host, lists), ...judgeHeaders(host, lists)];
}

/**
 * mlmmj 1.3 looks into To: and Cc: before it looks at what it is told of the recipient. Pipe and LMTP are the same to
 * it; what other versions do is not known.
 */
function judgeToCc(host: HostFacts, lists: readonly ListFacts[]): Finding[] {
  if (host.mlmmjVersion === undefined || !/^1\.3(\.|$)/.test(host.mlmmjVersion)) return [];
  const without = lists.filter(({ tocc }) => !tocc);
  if (without.length === 0) return [];
  return [
    note(
      'mlmmj',
      `without control/tocc, mlmmj ${host.mlmmjVersion} posts whatever names the list in To: or Cc:, commands too: ${namesOf(without)}`,
      `touch ${example(without)}/control/tocc, where posts that come by Bcc may be let in as well`,
    ),
  ];
}

/** mlmmj's documentation has it run every two hours. */
const MAINTENANCE_DAYS = 2;

/** What waits for mlmmj-maintd waits without a word: posts that could not be sent, bounces, digests, moderation. */
function judgeMaintenance(host: HostFacts, lists: readonly ListFacts[]): Finding[] {
  const late = lists.filter(({ maintenance }) => maintenance.days >= MAINTENANCE_DAYS);
  if (late.length === 0) return [];
  const bin = host.mlmmjReceive.path.replace(/\/[^/]*$/, '');
  const least = Math.min(...late.map(({ maintenance }) => maintenance.days));
  const never = late.every(({ maintenance }) => !maintenance.hasRun);
  return [
    wrong(
      'mlmmj',
      `mlmmj-maintd has ${never ? 'never run' : `not run for ${least} days or more`}, so that unsent posts, bounces and digests wait: ${namesOf(late)}`,
      `in /etc/crontab: 0 */2 * * * ${host.user?.name ?? 'mlmmj'} ${bin}/mlmmj-maintd -F -L ${example(late)}`,
    ),
  ];
}

const WANTED_HEADERS = ['List-Id', 'List-Unsubscribe', 'List-Unsubscribe-Post'];

/**
 * Gmail and Yahoo want List-Unsubscribe and its one click of whoever sends much (RFC 8058); mlmmj writes no such field by
 * itself. The signature has to cover them (RFC 8058 §4), and Amavisd leaves the second out unless it is told.
 */
function judgeHeaders(host: HostFacts, lists: readonly ListFacts[]): Finding[] {
  const findings: Finding[] = [];
  for (const field of WANTED_HEADERS) {
    const without = lists.filter(({ customHeaders }) => !customHeaders.has(field.toLowerCase()));
    if (without.length > 0) {
      findings.push(
        note(
          'mlmmj',
          `no ${field} in control/customheaders: ${namesOf(without)}`,
          `a line "${EXAMPLES[field]}" in ${example(without)}/control/customheaders`,
        ),
      );
    }
  }
  const oneClick = lists.filter(({ customHeaders }) => customHeaders.has('list-unsubscribe-post'));
  const noLink = oneClick.filter(
    ({ customHeaders }) => !/<https:/i.test(customHeaders.get('list-unsubscribe') ?? ''),
  );
  if (noLink.length > 0) {
    findings.push(
      wrong(
        'mlmmj',
        `List-Unsubscribe-Post without an https: address in List-Unsubscribe, which it is about: ${namesOf(noLink)}`,
        `correct ${example(noLink)}/control/customheaders (RFC 8058)`,
      ),
    );
  }
  if (oneClick.length > 0 && host.signsOneClick === false) {
    findings.push(
      note(
        'Amavisd',
        `does not sign List-Unsubscribe-Post, which counts only where it is signed: ${namesOf(oneClick)}`,
        "$signed_header_fields{'list-unsubscribe-post'} = 1; in its configuration",
      ),
    );
  }
  return findings;
}

const EXAMPLES: Readonly<Record<string, string>> = {
  'List-Id': 'List-Id: <news.example.org>',
  'List-Unsubscribe': 'List-Unsubscribe: <mailto:news+unsubscribe@example.org>',
  'List-Unsubscribe-Post': 'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
};

function namesOf(lists: readonly ListFacts[]): string {
  const names = lists.slice(0, NAMED).map((list) => list.addresses[0] ?? list.directory);
  return `${names.join(', ')}${lists.length > NAMED ? ` and ${lists.length - NAMED} more` : ''}`;
}

function example(lists: readonly ListFacts[]): string {
  return lists.length === 1 ? lists[0]!.directory : 'LISTDIR';
}
