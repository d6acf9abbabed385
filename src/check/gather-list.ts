import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { decodeText } from '../list/decode-text.ts';
import { readFooters } from '../list/footers.ts';
import { htmlFragment } from '../list/html-fragment.ts';
import { openList } from '../list/list.ts';
import { isBlank } from '../list/visible.ts';
import { platform } from '../platform/current.ts';
import { type Account, mayUse, obstacleFor } from './accounts.ts';
import type { FooterFile, HostFacts, ListFacts, StuckPost } from './facts.ts';
import { greeting } from './gather-host.ts';
import { gatherLookups } from './gather-lookups.ts';
import { tagTrouble } from './html-tags.ts';

/** Every name that a footer's file may have, in the order in which they count. */
const FOOTER_FILES = [
  'footer_text',
  'amime-footer-text',
  'footer-text',
  'footer_base64',
  'amime-footer-base64',
  'footer_html',
  'amime-footer-html',
  'footer-html',
];

const HOUR = 3_600_000;

/** Looks at one list's directory. Never fails: what is wrong is a fact. */
export async function gatherList(
  path: string,
  host: HostFacts & { readonly config: string },
): Promise<ListFacts> {
  const directory = existsSync(path) ? realpathSync(path) : path;
  let list: Awaited<ReturnType<typeof openList>>;
  try {
    list = await openList(directory, platform);
  } catch (error) {
    return { ...NOTHING, directory, trouble: (error as Error).message };
  }
  const { footers, trouble } = await readFooters(list, platform);
  const relay = {
    host: control(directory, 'relayhost') || '127.0.0.1',
    port: Number(control(directory, 'smtpport')) || 25,
  };
  return {
    directory,
    trouble: undefined,
    ownerUid: statSync(directory).uid,
    addresses: list.addresses,
    delimiter: list.delimiter,
    unworkable: list.unworkable,
    footerFiles: await footerFiles(directory, host.user),
    hasFooter: footers !== undefined,
    footerTrouble: trouble,
    mlmmjFooter: (control(directory, 'footer') ?? '') !== '',
    relay: { ...relay, listens: (await greeting(relay.host, relay.port)) !== undefined },
    lookups: await gatherLookups(list.addresses, list.delimiter, host),
    unwritable: unwritable(directory, host.user),
    tocc: existsSync(`${directory}/control/tocc`),
    stuck: [...stuck(directory, 'incoming'), ...stuck(directory, 'queue')],
  };
}

const NOTHING: Omit<ListFacts, 'directory' | 'trouble'> = {
  ownerUid: -1,
  addresses: [],
  delimiter: '',
  unworkable: undefined,
  footerFiles: [],
  hasFooter: false,
  footerTrouble: undefined,
  mlmmjFooter: false,
  relay: { host: '', port: 0, listens: false },
  lookups: [],
  unwritable: undefined,
  tocc: false,
  stuck: [],
};

/** A tunable's first line, as mlmmj reads it; undefined where there is none. */
function control(directory: string, name: string): string | undefined {
  try {
    return readFileSync(`${directory}/control/${name}`, 'utf8').split('\n')[0]!.trim();
  } catch {
    return undefined;
  }
}

async function footerFiles(directory: string, user: HostFacts['user']): Promise<FooterFile[]> {
  const files: FooterFile[] = [];
  for (const name of FOOTER_FILES) {
    const path = `${directory}/control/${name}`;
    if (!existsSync(path)) continue;
    const readable = mayUse(path, user, 0o4);
    const bytes = statSync(path).isFile() ? readFileSync(path) : Buffer.alloc(0);
    const text = decodeText(bytes) ?? '';
    const isHtml = name.includes('html');
    const fragment = isHtml ? ((await htmlFragment(text)) ?? '') : text;
    files.push({
      name,
      size: bytes.length,
      readable,
      isUtf8: name.includes('base64') || isUtf8(bytes),
      blank: isBlank(fragment),
      tagTrouble: isHtml ? tagTrouble(fragment) : [],
    });
  }
  return files;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** What keeps the user that delivers from `incoming/`; who it is, or where the directory is, is judged elsewhere. */
function unwritable(directory: string, user: Account | undefined): string | undefined {
  const incoming = `${directory}/incoming`;
  if (user === undefined || !existsSync(incoming)) return undefined;
  return obstacleFor(user, incoming, 0o2);
}

/** Files that have lain for more than an hour where mlmmj puts posts that it is working on. */
function stuck(list: string, directory: 'incoming' | 'queue'): StuckPost[] {
  const path = `${list}/${directory}`;
  if (!existsSync(path)) return [];
  return readdirSync(path).flatMap((name) => {
    const { mtimeMs, isFile } = fileStatus(`${path}/${name}`);
    const hours = Math.floor((Date.now() - mtimeMs) / HOUR);
    return isFile && hours >= 1 ? [{ directory, name, hours }] : [];
  });
}

/** A file may be delivered, and gone, while we look. */
function fileStatus(path: string): { mtimeMs: number; isFile: boolean } {
  const status = statSync(path, { throwIfNoEntry: false });
  return { mtimeMs: status?.mtimeMs ?? Date.now(), isFile: status?.isFile() ?? false };
}
