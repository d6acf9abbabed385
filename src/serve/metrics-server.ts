import { createServer, type Server } from 'node:http';
import { listenTcp } from './listen.ts';
import type { TcpAddress } from './listen-address.ts';

/**
 * Serves `/metrics`, and nothing else, to whoever can connect: numbers only, no addresses.
 *
 * @throws ListenError
 */
export async function startMetricsServer(text: () => string, address: TcpAddress): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text());
  });
  server.headersTimeout = 5000;
  server.requestTimeout = 5000;
  server.maxConnections = 10;
  await listenTcp(server, address);
  return server;
}
