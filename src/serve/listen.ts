/** Opening the socket that the service listens on. */
import { chmod, lstat, rm } from 'node:fs/promises';
import { connect, type Server } from 'node:net';
import { systemCode } from '../host/system-error.ts';
import { type AllowedPeers, isLoopback, type ListenAddress, type TcpAddress } from './listen-address.ts';

/** Why the service cannot start, in a sentence for whoever starts it. */
export class ListenError extends Error {}

/** systemd hands its sockets over from this descriptor on. */
const FIRST_SYSTEMD_DESCRIPTOR = 3;

/** Bytes, see unix(7). Not all runtimes say so: some cut the path short and listen there. */
const SOCKET_PATH_LIMIT = 107;

/**
 * Has the server listen.
 *
 * @returns how the address is written, for the log
 * @throws ListenError
 */
export async function listen(
  server: Server,
  address: ListenAddress,
  socketMode: number,
  allow: AllowedPeers,
): Promise<string> {
  switch (address.kind) {
    case 'tcp':
      await listenTcp(server, address);
      break;
    case 'unix': {
      if (Buffer.byteLength(address.path) > SOCKET_PATH_LIMIT) {
        throw new ListenError(`${address.path} is longer than the path of a socket may be`);
      }
      await clearAway(address.path);
      // Until its own mode is set, nobody else may connect.
      const before = process.umask(0o177);
      try {
        await listening(server, { path: address.path }, address.path);
      } finally {
        process.umask(before);
      }
      await chmod(address.path, socketMode);
      return `unix:${address.path}`;
    }
    case 'systemd':
      demandSystemdSocket();
      await listening(server, { fd: FIRST_SYSTEMD_DESCRIPTOR }, 'the socket from systemd');
      break;
  }
  const own = server.address();
  if (own === null || typeof own === 'string' || own.address === undefined) return 'a socket from systemd';
  if (!isLoopback(own.address) && allow.isEmpty) {
    server.close();
    throw new ListenError(`${own.address} can be reached by others: say who may connect with --allow`);
  }
  return hostAndPort(own.address, own.port);
}

/** @throws ListenError */
export function listenTcp(server: Server, { host, port }: TcpAddress): Promise<void> {
  return listening(server, { host, port }, hostAndPort(host, port));
}

/**
 * Takes the socket's file away again: not all runtimes do. To be called as soon as the service stops, for later the file
 * may be that of its successor.
 */
export async function stopListening(address: ListenAddress): Promise<void> {
  if (address.kind === 'unix') await rm(address.path, { force: true });
}

function hostAndPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function listening(server: Server, where: object, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error) => {
      const code = systemCode(error);
      const isTaken = code === 'EADDRINUSE';
      reject(new ListenError(isTaken ? alreadyUsed(name) : `cannot listen on ${name} (${code})`));
    };
    server.once('error', refuse);
    server.listen(where, () => {
      server.off('error', refuse);
      resolve();
    });
  });
}

/** A socket that a process left behind when it was killed is in the way; one that still answers is somebody's. */
async function clearAway(path: string): Promise<void> {
  try {
    if (!(await lstat(path)).isSocket()) throw new ListenError(`${path} is there and is no socket`);
  } catch (error) {
    if (error instanceof ListenError) throw error;
    return;
  }
  if (await answers(path)) throw new ListenError(alreadyUsed(path));
  await rm(path, { force: true });
}

function alreadyUsed(name: string): string {
  return `something listens on ${name} already`;
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once('error', (error) => resolve(systemCode(error) !== 'ECONNREFUSED'));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

/** See sd_listen_fds(3). The variables must not be believed where they were meant for another process. */
function demandSystemdSocket(): void {
  const { LISTEN_PID: pid, LISTEN_FDS: count } = process.env;
  if (pid !== undefined && Number(pid) !== process.pid) {
    throw new ListenError('systemd gave its socket to another process');
  }
  if (count !== '1') throw new ListenError('systemd gave no socket, or more than one (LISTEN_FDS)');
}
