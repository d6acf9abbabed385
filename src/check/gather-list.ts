import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { decodeText } from '../footer/decode-text.ts';
import { htmlFragment } from '../footer/html-fragment.ts';
import { isBlank } from '../footer/visible.ts';
import { byteString, textOfBytes } from '../host/byte-string.ts';
import { NodeFiles } from '../host/node-files.ts';
import { FooterFormat, htmlFooterFiles, textFooterFiles } from '../list/footer-files.ts';
import { readFooters } from '../list/footers.ts';
import { Access, openList } from '../list/list.ts';
import { type Account, mayUse, obstacleFor } from '../mail-server/accounts.ts';
import type { FooterFileFacts, HostFacts, ListFacts, StuckPost } from './facts.ts';
import { htmlFlaws } from './footer-html.ts';
import { greeting } from './gather-host.ts';
import { gatherLookups } from './gather-lookups.ts';

const HOUR = 3_600_000;

/** Looks at one list's directory. Never fails: what is wrong is a fact. */
export async function gatherList(
  path: string,
  host: HostFacts & { readonly config: string },
): Promise<ListFacts> {
  const directory = existsSync(path) ? realpathSync(path) : path;
  const files = new NodeFiles();
  const { list, failure } = openList(byteString(directory), files, Access.Read);
  if (list === null) return { ...NOTHING, directory, trouble: failure!.message };
  const { pair, troubles } = readFooters(list, files);
  const addresses = list.addresses.map(textOfBytes);
  const delimiter = textOfBytes(list.delimiter);
  const relay = {
    host: control(directory, 'relayhost') || '127.0.0.1',
    port: Number(control(directory, 'smtpport')) || 25,
  };
  return {
    directory,
    trouble: undefined,
    ownerUid: statSync(directory).uid,
    addresses,
    delimiter,
    flaw: list.flaw,
    footerFiles: footerFiles(directory, host.user),
    hasFooter: pair !== null,
    footerTroubles: troubles,
    mlmmjFooter: (control(directory, 'footer') ?? '') !== '',
    relay: { ...relay, listens: (await greeting(relay.host, relay.port)) !== undefined },
    lookups: await gatherLookups(addresses, delimiter, host),
    unwritable: unwritable(directory, host.user),
    tocc: existsSync(`${directory}/control/tocc`),
    stuck: [...stuck(directory, 'incoming'), ...stuck(directory, 'queue')],
  };
}

const NOTHING: Omit<ListFacts, 'directory' | 'trouble'> = {
  ownerUid: -1,
  addresses: [],
  delimiter: '',
  flaw: null,
  footerFiles: [],
  hasFooter: false,
  footerTroubles: [],
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

function footerFiles(directory: string, user: HostFacts['user']): FooterFileFacts[] {
  const found: FooterFileFacts[] = [];
  for (const { name, format } of [...textFooterFiles(), ...htmlFooterFiles()]) {
    const path = `${directory}/control/${name}`;
    if (!existsSync(path)) continue;
    const readable = mayUse(path, user, 0o4);
    const bytes = statSync(path).isFile() ? readFileSync(path) : Buffer.alloc(0);
    const text = decodeText(bytes) ?? '';
    const isHtml = format === FooterFormat.Html;
    const fragment = isHtml ? htmlFragment(text) : text;
    found.push({
      name,
      size: bytes.length,
      readable,
      isUtf8: format === FooterFormat.Base64 || isUtf8(bytes),
      blank: isBlank(fragment),
      tagTrouble: isHtml ? htmlFlaws(fragment).tags : [],
    });
  }
  return found;
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
