import type { ChildProcess } from 'node:child_process';
import { connect, createServer } from 'node:net';

/** As many loopback TCP ports as asked for, free at this moment, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', resolve);
      });
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/**
 * Resolves once something accepts connections on a loopback port. Rejects with `what` after `seconds`, and at
 * once when the daemon that should listen has ended.
 */
export async function listening(
  port: number,
  what: string,
  daemon?: ChildProcess,
  seconds = 60,
): Promise<void> {
  for (let attempt = 0; attempt < seconds * 10; attempt++) {
    if (await accepts(port)) return;
    if (daemon && (daemon.exitCode !== null || daemon.signalCode !== null))
      throw new Error(`${what} has ended`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} does not listen on port ${port} after ${seconds} s`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
    socket.once('connect', () => socket.destroy());
  });
}
