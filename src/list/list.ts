/**
 * A mailing list on disk: whether it is there, whose it is, and by which addresses it is known. Read anew for each
 * message; what only explains a failure is looked at after one.
 */
import { Failure, FailureKind, temporary } from '../errors.ts';
import { ByteString, FileKind, FileStatus, Files } from '../host/files.ts';
import { printableWord } from '../printable.ts';
import { splitAddress } from './address.ts';
import { ControlFile, filledLines, firstLine, readControl } from './control.ts';

/** A control file without which mlmmj cannot work with the list. */
export class ControlFlaw {
  constructor(
    /** `listaddress` or `delimiter`. */
    readonly file: string,
    /** What is wrong with it, in a few words that begin with its name. */
    readonly trouble: string,
  ) {}
}

export class List {
  constructor(
    /** As it was given, without slashes at the end. */
    readonly directory: ByteString,
    /** `control/listaddress`: every address that is the list's, the primary one first. Empty where the file is missing. */
    readonly addresses: ByteString[],
    /** `control/delimiter`: what separates the list's name from an extension; never empty. */
    readonly delimiter: ByteString,
    readonly flaw: ControlFlaw | null,
  ) {}

  /** What it is called in the log: the local part of its address, or its directory's name. */
  get name(): ByteString {
    const local = this.addresses.length > 0 ? splitAddress(this.addresses[0]).local : '';
    return local !== '' && local !== this.addresses[0] ? local : listName(this.directory);
  }
}

/** Either a list, or why there is none. */
export class OpenedList {
  constructor(
    readonly list: List | null,
    readonly failure: Failure | null,
  ) {}
}

/** What a list is opened for. */
export enum Access {
  /** To hand posts over: mlmmj-receive must be allowed to work with it. */
  Deliver,
  /** To look at it, which everybody may who can read its files. */
  Read,
}

const DEFAULT_DELIMITER: string = '+';

/**
 * Opens the list in a directory. Its failure is `NoSuchList` where the directory is missing and the one that holds it is
 * there, and `Temporary` for everything else that is wrong. Neither message tells more of the path than the list's name.
 */
export function openList(path: ByteString, files: Files, access: Access = Access.Deliver): OpenedList {
  const directory = withoutTrailingSlashes(path);
  if (directory === '') return failed(temporary('no list directory was given'));
  const unusable = directoryFailure(directory, files, access);
  if (unusable !== null) return failed(unusable);
  const addresses = readControl(directory, 'listaddress', files);
  const delimiter = readControl(directory, 'delimiter', files);
  const trouble = addresses.trouble !== '' ? addresses.trouble : delimiter.trouble;
  // Where both are there, so is the directory.
  if (trouble !== '' || addresses.isMissing) {
    const control = controlDirectoryFailure(directory, files);
    if (control !== null) return failed(control);
    if (trouble !== '') return failed(temporary(`list "${listName(directory)}": ${trouble}`));
  }
  return new OpenedList(listOf(directory, addresses, delimiter), null);
}

/**
 * To be asked before a message is handed over. mlmmj-receive takes it for a list with a useless address or delimiter
 * too, and says that all went well; mlmmj-process then ends without a word, and the message is left in `incoming/`,
 * where nothing looks for it, or is gone (mlmmj 1.3.0). All files of a list may be missing, so that is no reason: what
 * mlmmj makes of a list without `listaddress` is told by `check`.
 */
export function flawFailure(list: List): Failure | null {
  const flaw = list.flaw;
  return flaw === null ? null : temporary(`list "${listName(list.directory)}": ${flaw.trouble}`);
}

/**
 * A list's name as it may be shown: the last component of its path, printable ASCII only and of a length that
 * leaves room for the rest of a log line. The name came with the mail, as pipe(8)'s `${nexthop}` or an LMTP recipient.
 */
export function listName(directory: ByteString): string {
  const path = withoutTrailingSlashes(directory);
  return printableWord(path.substring(path.lastIndexOf('/') + 1), 64);
}

function failed(failure: Failure): OpenedList {
  return new OpenedList(null, failure);
}

function listOf(directory: ByteString, addresses: ControlFile, delimiter: ControlFile): List {
  const lines = addresses.bytes === null ? ([] as ByteString[]) : filledLines(addresses.bytes!);
  const separator = delimiter.bytes === null ? '' : firstLine(delimiter.bytes!);
  return new List(
    directory,
    lines,
    separator === '' ? DEFAULT_DELIMITER : separator,
    flawOf(addresses, delimiter),
  );
}

function flawOf(addresses: ControlFile, delimiter: ControlFile): ControlFlaw | null {
  if (addresses.bytes !== null && !firstLine(addresses.bytes!).includes('@')) {
    return new ControlFlaw('listaddress', 'listaddress has no address in its first line');
  }
  if (delimiter.bytes !== null && firstLine(delimiter.bytes!) === '') {
    return new ControlFlaw('delimiter', 'delimiter is empty');
  }
  return null;
}

function directoryFailure(directory: ByteString, files: Files, access: Access): Failure | null {
  const status = files.status(directory);
  switch (status.kind) {
    case FileKind.Directory:
      return access === Access.Deliver ? ownerFailure(directory, status, files.user) : null;
    case FileKind.Missing:
      return missingFailure(directory, files);
    case FileKind.Unknown:
      return temporary(`list "${listName(directory)}" cannot be looked at (${status.error})`);
    default:
      return temporary(`list "${listName(directory)}" is not a directory`);
  }
}

/** mlmmj-receive runs as root or as the owner of the list's directory, and refuses (and bounces) everything else. */
function ownerFailure(directory: ByteString, status: FileStatus, user: number): Failure | null {
  if (user <= 0 || user === status.owner) return null;
  const owner = wholeNumber(status.owner);
  return temporary(
    `list "${listName(directory)}" belongs to another user (uid ${owner}) than the one delivering (uid ${wholeNumber(user)})`,
  );
}

/**
 * Only a directory that is surely gone is a list that does not exist. Where what should hold it is missing too,
 * a file system is not mounted or the configuration is wrong, and the mail is worth waiting for.
 */
function missingFailure(directory: ByteString, files: Files): Failure {
  const name = listName(directory);
  if (files.status(parentOf(directory)).kind === FileKind.Directory) {
    return new Failure(FailureKind.NoSuchList, `there is no mailing list "${name}"`);
  }
  return temporary(`the directory that should hold list "${name}" is missing`);
}

function controlDirectoryFailure(directory: ByteString, files: Files): Failure | null {
  const name = listName(directory);
  const status = files.status(`${directory}/control`);
  switch (status.kind) {
    case FileKind.Directory:
      return null;
    case FileKind.Missing:
      return temporary(`list "${name}" has no control directory`);
    case FileKind.Unknown:
      return temporary(`list "${name}" cannot be read (control: ${status.error})`);
    default:
      return temporary(`list "${name}": control is not a directory`);
  }
}

function withoutTrailingSlashes(path: ByteString): ByteString {
  let end = path.length;
  while (end > 1 && path.charAt(end - 1) === '/') end--;
  return path.substring(0, end);
}

function parentOf(path: ByteString): ByteString {
  const slash = path.lastIndexOf('/');
  if (slash < 0) return '.';
  return slash === 0 ? '/' : path.substring(0, slash);
}

/** asc writes an f64 as `0.0`. */
function wholeNumber(value: number): string {
  return u32(value).toString();
}
