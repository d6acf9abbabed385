/**
 * A mailing list on disk: whether it is there, whose it is, and by which addresses it is known. Read anew for
 * each message, so this is on the hot path: the files are read at the same time, and what only explains a failure
 * is looked at after one.
 */
import type { FileStatus, Platform } from '../platform/platform.ts';
import { DeliveryError } from '../status.ts';
import { ControlFileError, filledLines, firstLine, readControl, systemCode } from './control.ts';

export interface MailingList {
  /** As it was given, without slashes at the end. */
  readonly directory: string;
  /** `control/listaddress`: every address that is the list's, the primary one first. Empty where the file is missing. */
  readonly addresses: readonly string[];
  /** `control/delimiter`: what separates the list's name from an extension; never empty. */
  readonly delimiter: string;
  /** A control file without which mlmmj cannot work with the list, and what is wrong with it. */
  readonly unworkable: ControlFlaw | undefined;
}

export interface ControlFlaw {
  readonly file: 'listaddress' | 'delimiter';
  /** With the file's name. */
  readonly trouble: string;
}

const DEFAULT_DELIMITER = '+';

/**
 * Opens the list in a directory.
 *
 * @throws DeliveryError `no-such-list` where the directory is missing and the one that holds it is there;
 *   `temporary` for everything else that is wrong. Neither message tells more of the path than the list's own name.
 */
export async function openList(path: string, platform: Platform): Promise<MailingList> {
  const directory = withoutTrailingSlashes(path);
  if (directory === '') throw new DeliveryError('temporary', 'no list directory was given');
  // A failing control file must not hide that the whole list is missing, so its error waits until the list is judged.
  const [status, addresses, delimiter] = await Promise.all([
    settled(platform.stat(directory)),
    settled(readControl(directory, 'listaddress', platform)),
    settled(readControl(directory, 'delimiter', platform)),
  ]);
  if ('error' in status) throw await whyNotThere(directory, status.error, platform);
  const name = listName(directory);
  refuseStrangers(status.value, name);
  for (const file of [addresses, delimiter]) {
    if ('error' in file) throw await whyNotReadable(directory, name, file.error, platform);
  }
  const addressBytes = 'value' in addresses ? addresses.value : undefined;
  const delimiterBytes = 'value' in delimiter ? delimiter.value : undefined;
  if (addressBytes === undefined) await demandControlDirectory(directory, name, platform);
  return {
    directory,
    addresses: addressBytes === undefined ? [] : filledLines(addressBytes),
    delimiter: (delimiterBytes && firstLine(delimiterBytes)) || DEFAULT_DELIMITER,
    unworkable: flawOf(addressBytes, delimiterBytes),
  };
}

/**
 * To be called before a message is handed over. mlmmj-receive takes it for a list with a useless address or delimiter
 * too, and says that all went well; mlmmj-process then ends without a word, and the message is left in `incoming/`,
 * where nothing looks for it, or is gone (mlmmj 1.3.0). All files of a list may be missing, so that is no reason: what
 * mlmmj makes of a list without `listaddress` is told by `check`.
 *
 * @throws DeliveryError `temporary`
 */
export function demandWorkable({ directory, unworkable }: MailingList): void {
  if (unworkable === undefined) return;
  throw new DeliveryError('temporary', `list "${listName(directory)}": ${unworkable.trouble}`);
}

function flawOf(address: Uint8Array | undefined, delimiter: Uint8Array | undefined): ControlFlaw | undefined {
  if (address !== undefined && !firstLine(address).includes('@')) {
    return { file: 'listaddress', trouble: 'listaddress has no address in its first line' };
  }
  if (delimiter !== undefined && firstLine(delimiter) === '') {
    return { file: 'delimiter', trouble: 'delimiter is empty' };
  }
  return undefined;
}

/**
 * A list's name as it may be shown: the last component of its path, printable ASCII only and of a length that
 * leaves room for the rest of a log line. The name came with the mail, as pipe(8)'s `${nexthop}` or an LMTP recipient.
 */
export function listName(directory: string): string {
  const name = withoutTrailingSlashes(directory).split('/').at(-1) ?? '';
  const printable = name.replace(/[^!#-~]/g, '?');
  return printable.length > 64 ? `${printable.slice(0, 61)}...` : printable;
}

/** mlmmj-receive runs as root or as the owner of the list's directory, and refuses (and bounces) everything else. */
function refuseStrangers(status: FileStatus, name: string): void {
  if (!status.isDirectory) throw new DeliveryError('temporary', `list "${name}" is not a directory`);
  const user = process.geteuid?.();
  if (user === undefined || user === 0 || user === status.uid) return;
  throw new DeliveryError(
    'temporary',
    `list "${name}" belongs to another user (uid ${status.uid}) than the one delivering (uid ${user})`,
  );
}

/**
 * Only a directory that is surely gone is a list that does not exist. Where what should hold it is missing too,
 * a file system is not mounted or the configuration is wrong, and the mail is worth waiting for.
 */
async function whyNotThere(directory: string, error: unknown, platform: Platform): Promise<DeliveryError> {
  const name = listName(directory);
  const code = systemCode(error);
  if (code !== 'ENOENT') {
    return new DeliveryError('temporary', `list "${name}" cannot be looked at (${code})`, { cause: error });
  }
  // The runtime puts this in place of bytes it cannot read, so the name looked for is another than the one given.
  if (directory.includes('\uFFFD')) {
    return new DeliveryError('temporary', `list "${name}": its directory has a name that is not UTF-8`);
  }
  const holder = await settled(platform.stat(parentOf(directory)));
  if ('value' in holder && holder.value.isDirectory) {
    return new DeliveryError('no-such-list', `there is no mailing list "${name}"`, { cause: error });
  }
  return new DeliveryError('temporary', `the directory that should hold list "${name}" is missing`, {
    cause: error,
  });
}

async function whyNotReadable(
  directory: string,
  name: string,
  error: unknown,
  platform: Platform,
): Promise<DeliveryError> {
  await demandControlDirectory(directory, name, platform);
  const reason = error instanceof ControlFileError ? error.message : 'control cannot be read';
  return new DeliveryError('temporary', `list "${name}": ${reason}`, { cause: error });
}

async function demandControlDirectory(directory: string, name: string, platform: Platform): Promise<void> {
  const control = await settled(platform.stat(`${directory}/control`));
  if ('error' in control) {
    const code = systemCode(control.error);
    const state = code === 'ENOENT' ? 'has no control directory' : `cannot be read (control: ${code})`;
    throw new DeliveryError('temporary', `list "${name}" ${state}`, { cause: control.error });
  }
  if (!control.value.isDirectory) {
    throw new DeliveryError('temporary', `list "${name}": control is not a directory`);
  }
}

type Settled<Value> = { readonly value: Value } | { readonly error: unknown };

async function settled<Value>(promise: Promise<Value>): Promise<Settled<Value>> {
  try {
    return { value: await promise };
  } catch (error) {
    return { error };
  }
}

export function withoutTrailingSlashes(path: string): string {
  let end = path.length;
  while (end > 1 && path[end - 1] === '/') end--;
  return path.slice(0, end);
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  if (slash < 0) return '.';
  return slash === 0 ? '/' : path.slice(0, slash);
}
