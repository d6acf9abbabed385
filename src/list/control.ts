/**
 * The files in a list's `control/` directory. All of them are optional, so a missing file is an answer and not
 * an error. Everything else that goes wrong has a sentence that fits into the log line and names no path.
 */
import type { Platform } from '../platform/platform.ts';

/** Bytes. A footer longer than this is a mistake (a picture, an archive), and would be sent with every post. */
export const CONTROL_LIMIT = 64 * 1024;

/** A control file that is there and cannot be used. `message` is short and names the file and what is wrong with it. */
export class ControlFileError extends Error {
  override readonly name = 'ControlFileError';
}

/**
 * The bytes of `control/NAME`, or undefined where there is no such file.
 *
 * @throws ControlFileError where the file cannot be read or is larger than `CONTROL_LIMIT`
 */
export async function readControl(
  listDirectory: string,
  name: string,
  platform: Platform,
): Promise<Uint8Array | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await platform.readFile(`${listDirectory}/control/${name}`, CONTROL_LIMIT);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return undefined;
    throw new ControlFileError(`${name} cannot be read (${code})`, { cause: error });
  }
  if (bytes.length > CONTROL_LIMIT) {
    throw new ControlFileError(`${name} is larger than ${CONTROL_LIMIT / 1024} KiB`);
  }
  return bytes;
}

/** The name of a system error (`EACCES`), or `error` for one that has none. */
export function systemCode(error: unknown): string {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : 'error';
}

/**
 * The first line, without its line end: what mlmmj takes as the value of a "normal" tunable; what follows is
 * commentary. Blanks around it are dropped, as no tunable of ours or mlmmj's has any that mean something.
 */
export function firstLine(bytes: Uint8Array): string {
  return textLines(bytes)[0] ?? '';
}

/** All lines of a tunable of mlmmj's "list" kind, in order, trimmed, blank ones left out. */
export function filledLines(bytes: Uint8Array): string[] {
  return textLines(bytes).filter((line) => line !== '');
}

function textLines(bytes: Uint8Array): string[] {
  // The decoder drops a byte-order mark; what is not UTF-8 becomes U+FFFD and then simply matches nothing.
  return new TextDecoder()
    .decode(bytes)
    .split('\n')
    .map((line) => line.trim());
}
