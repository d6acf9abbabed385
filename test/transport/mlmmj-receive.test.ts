import { describe, expect, it } from 'vitest';
import { FileKind } from '../../src/host/files.ts';
import { ReceiveCall } from '../../src/transport/arguments.ts';
import { ChildEnd, childFailure } from '../../src/transport/child-end.ts';
import { findMlmmjReceive, roomFailure } from '../../src/transport/mlmmj-receive.ts';
import { FakeFile, FakeFiles } from '../asc/fake-files.ts';

const LOCAL = '/usr/local/bin/mlmmj-receive';
const DISTRIBUTED = '/usr/bin/mlmmj-receive';

const PROGRAM = file(FileKind.Regular, '\x7fELF', true);
const SCRIPT = file(FileKind.Regular, '#!/bin/sh\n', true);
const FORBIDDEN = file(FileKind.Regular, '\x7fELF', false);
const DIRECTORY = file(FileKind.Directory, '', true);

function file(kind: FileKind, content: string, isExecutable: boolean): FakeFile {
  return new FakeFile(kind, Buffer.from(content, 'latin1'), isExecutable, '');
}

function find(files: Record<string, FakeFile>, chosen = '', isStoredOnly = false): string {
  const fake = new FakeFiles(0);
  for (const [path, content] of Object.entries(files)) fake.files.set(path, content);
  const call = new ReceiveCall();
  call.mlmmjReceive = chosen;
  call.isStoredOnly = isStoredOnly;
  const { path, failure } = findMlmmjReceive(call, fake);
  expect(path === '').toBe(failure !== null);
  return failure === null ? path : failure.message;
}

describe('which mlmmj-receive is run', () => {
  const BESIDE = { '/usr/bin/mlmmj-process': PROGRAM, '/usr/local/bin/mlmmj-process': PROGRAM };
  it.each<[string, Record<string, FakeFile>, string]>([
    ['the local one', { [LOCAL]: PROGRAM, [DISTRIBUTED]: PROGRAM }, LOCAL],
    ['the distribution’s', { [DISTRIBUTED]: PROGRAM }, DISTRIBUTED],
    ['the one that may be run', { [LOCAL]: FORBIDDEN, [DISTRIBUTED]: PROGRAM }, DISTRIBUTED],
    ['no directory', { [LOCAL]: DIRECTORY, [DISTRIBUTED]: PROGRAM }, DISTRIBUTED],
    ['none', {}, 'mlmmj-receive is not installed'],
    ['none that may be run', { [DISTRIBUTED]: FORBIDDEN }, 'mlmmj-receive may not be executed'],
  ])('%s', (_what, files, found) => {
    expect(find({ ...BESIDE, ...files })).toBe(found);
  });

  it.each<[string, Record<string, FakeFile>, string]>([
    ['is there', { '/opt/r': PROGRAM, '/opt/mlmmj-process': PROGRAM }, '/opt/r'],
    ['is not there', { [DISTRIBUTED]: PROGRAM }, 'mlmmj-receive is not where it should be'],
    ['may not be run', { '/opt/r': FORBIDDEN }, 'mlmmj-receive may not be executed'],
    ['is a directory', { '/opt/r': DIRECTORY }, 'mlmmj-receive may not be executed'],
    [
      'cannot be looked at',
      { '/opt/r': new FakeFile(FileKind.Unknown, new Uint8Array(0), false, 'EACCES') },
      'mlmmj-receive may not be executed',
    ],
  ])('the chosen one where it %s', (_what, files, found) => {
    expect(find(files, '/opt/r')).toBe(found);
  });
});

describe('mlmmj-process, without which mlmmj-receive exits 0 and the post stays in incoming/', () => {
  it.each<[string, Record<string, FakeFile>, string]>([
    ['is beside it', { '/opt/mlmmj-process': PROGRAM }, '/opt/r'],
    ['is missing', {}, 'mlmmj-process is not beside mlmmj-receive'],
    ['is elsewhere', { '/usr/bin/mlmmj-process': PROGRAM }, 'mlmmj-process is not beside mlmmj-receive'],
    ['may not be run', { '/opt/mlmmj-process': FORBIDDEN }, 'mlmmj-process may not be executed'],
    ['is a directory', { '/opt/mlmmj-process': DIRECTORY }, 'mlmmj-process may not be executed'],
  ])('%s', (_what, files, found) => {
    expect(find({ '/opt/r': PROGRAM, ...files }, '/opt/r')).toBe(found);
  });

  it('is not asked for where the post is only stored', () => {
    expect(find({ [DISTRIBUTED]: PROGRAM }, '', true)).toBe(DISTRIBUTED);
  });

  it('is not asked for where mlmmj-receive is a script, which leads somewhere else', () => {
    expect(find({ '/opt/r': SCRIPT }, '/opt/r')).toBe('/opt/r');
    expect(find({ '/r': SCRIPT }, '/r')).toBe('/r');
  });
});

describe('room', () => {
  function room(free: number, size: number, isStoredOnly: boolean): string | undefined {
    const files = new FakeFiles(0);
    files.free = free;
    return roomFailure('/spool/news', size, isStoredOnly, files)?.message;
  }
  const NONE = "there is no room for the message in the list's directory";

  it('for the post and what mlmmj-process makes of it', () => {
    expect(room(2_065_536, 1_000_000, false)).toBeUndefined();
    expect(room(2_065_535, 1_000_000, false)).toBe(NONE);
    expect(room(1_065_536, 1_000_000, true)).toBeUndefined();
    expect(room(1_065_535, 1_000_000, true)).toBe(NONE);
    expect(room(0, 1, true)).toBe(NONE);
  });
  it('is taken for granted where nobody knows', () => {
    expect(room(-1, 1e12, false)).toBeUndefined();
  });
});

describe('how mlmmj-receive ended', () => {
  function ended(end: Partial<ChildEnd>): string | undefined {
    const { status = -1, signal = '', stderr = '', error = '', tookAll = true } = end;
    return childFailure(new ChildEnd(status, signal, stderr, error, tookAll))?.message;
  }

  it.each<[Partial<ChildEnd>, string | undefined]>([
    [{ status: 0 }, undefined],
    [{ status: 0, stderr: 'a warning' }, undefined],
    [{ status: 0, tookAll: false }, 'mlmmj-receive ended before it had read the whole message'],
    [{ status: 1 }, 'mlmmj-receive failed with status 1'],
    [{ status: 1, stderr: '\n \r\nno room\nmore' }, 'mlmmj-receive failed with status 1: no room'],
    [
      { status: 1, stderr: 'could not create mail file in /var/lists/news/incoming directory' },
      'mlmmj-receive failed with status 1: could not create mail file in ... directory',
    ],
    [
      { status: 1, stderr: 'x=/a "/b/c" (/d a/b [/e]' },
      'mlmmj-receive failed with status 1: x=... "... (... a/b [...',
    ],
    [{ status: 1, stderr: '\x1b[31m\xe4' }, 'mlmmj-receive failed with status 1: ?[31m?'],
    [{ status: 1, stderr: 'x'.repeat(5000) }, `mlmmj-receive failed with status 1: ${'x'.repeat(117)}...`],
    [{ signal: 'SIGSEGV' }, 'mlmmj-receive was killed by SIGSEGV'],
    [{ signal: 'SIGKILL', stderr: 'x' }, 'mlmmj-receive was killed by SIGKILL: x'],
    [{ error: 'ENOENT' }, 'mlmmj-receive is not where it should be'],
    [{ status: 127 }, 'mlmmj-receive is not where it should be'],
    [{ error: 'EACCES' }, 'mlmmj-receive may not be executed'],
    [{ status: 126 }, 'mlmmj-receive may not be executed'],
    [{ error: 'EAGAIN' }, 'mlmmj-receive could not be started (EAGAIN)'],
  ])('%j', (end, message) => {
    expect(ended(end)).toBe(message);
  });
});
