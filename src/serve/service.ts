/** The service from its start to its end: sockets, signals, and a line in the log for each recipient. */
import { readCertificate } from './certificate.ts';
import { Deliverer } from './deliverer.ts';
import { ListenError, listen, stopListening } from './listen.ts';
import { logLine } from './log-line.ts';
import { collectGarbage, optimizeForLongRun } from './memory.ts';
import { Metrics } from './metrics.ts';
import type { ServeOptions } from './options.ts';
import type { Result } from './result.ts';
import { LmtpServer } from './server.ts';

/** Milliseconds between two looks at whether memory is to be given back. */
const REST = 1000;

/**
 * After one rest without a message, and after eleven once more and thoroughly: by then the allocator has found out what
 * it no longer needs, and the next message is unlikely to come soon. Without it, what large messages took stays.
 */
const SHORT_IDLE = 1;
const LONG_IDLE = 11;

/** Under load too, every so many rests: memory that is in pieces by the time the load ends cannot be given back. */
const RESTS_UNDER_LOAD = 10;

/** Runs until it is told to stop. @throws ListenError */
export async function runService(options: ServeOptions): Promise<void> {
  const log = (event: string, values: Readonly<Record<string, string | number>>) => {
    // A log that nobody reads is no reason to stop taking mail.
    process.stderr.write(logLine(event, values));
  };
  process.stderr.on('error', () => undefined);
  const metrics = new Metrics();
  let idleRests = 0;
  const deliverer = new Deliverer(options, {
    refused(session, recipient, result) {
      metrics.recipient(eventOf(result));
      log(eventOf(result), { session, recipient, ...replyOf(result) });
    },
    taken(session, { recipients, trace, size, milliseconds }) {
      metrics.message(milliseconds, size);
      idleRests = 0;
      for (const { recipient, list, result } of recipients) {
        metrics.recipient(eventOf(result));
        if (result.code === 250) metrics.footer(result.outcome ?? null);
        log(eventOf(result), {
          session,
          queue: trace.queueId,
          list,
          recipient,
          'message-id': trace.messageId,
          size,
          ...replyOf(result),
          ms: Math.round(milliseconds),
        });
      }
    },
    trouble(session, error) {
      log('trouble', { session, error: error instanceof Error ? error.message : String(error) });
    },
  });
  const { semaphore, outgoing } = deliverer;
  const { hostname, allow } = options;
  const server = new LmtpServer(
    { hostname, allow, tls: options.tls && (await readCertificate(options.tls)) },
    deliverer,
  );

  optimizeForLongRun();
  let rests = 0;
  const resting = setInterval(() => {
    rests++;
    const isIdle = semaphore.running === 0;
    if (isIdle) idleRests++;
    const isLongIdle = isIdle && idleRests === LONG_IDLE;
    const isDue = isIdle ? isLongIdle || idleRests === SHORT_IDLE : rests % RESTS_UNDER_LOAD === 0;
    if (isIdle) outgoing.closeSpare();
    if (isDue) collectGarbage(isLongIdle);
  }, REST);
  const stopped = takeOverSignals({
    reload: async () => {
      deliverer.forget();
      // One that is of no use leaves the one before in place.
      if (options.tls !== undefined) server.updateSecureContext({ ...(await readCertificate(options.tls)) });
      log('reloaded', {});
    },
    trouble: (error) => {
      log('trouble', { error: described(error) });
    },
  });
  // First, for a Unix socket would be left behind where it fails.
  const gauges = {
    running: () => semaphore.running,
    waiting: () => semaphore.waiting,
    connections: () => server.connections.size,
  };
  const metricsServer =
    options.metrics &&
    (await (
      await import('./metrics-server.ts')
    ).startMetricsServer(() => metrics.text(gauges), options.metrics));
  const where = await listen(server.server, options.listen, options.socketMode, options.allow);
  const { lists, trouble } = await deliverer.finder.look();
  log('listening', { on: where, lists: options.lists, found: lists });
  if (trouble !== null) log('trouble', { error: trouble.message });

  const signal = await stopped;
  log('stopping', { signal, connections: server.connections.size, deliveries: semaphore.running });
  await stopListening(options.listen);
  await server.stop(options.limits.shutdown * 1000);
  clearInterval(resting);
  metricsServer?.close();
  log('stopped', {});
}

/**
 * The entry ends the process on a signal and on any error that nobody caught, which is right for one message. Here
 * one message's trouble must not become the others', so its listeners are replaced.
 *
 * @returns a promise of the signal that asks to stop
 */
function takeOverSignals(answers: {
  readonly reload: () => Promise<void>;
  readonly trouble: (error: unknown) => void;
}): Promise<string> {
  for (const event of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGPIPE', 'uncaughtException', 'unhandledRejection']) {
    process.removeAllListeners(event);
  }
  process.on('SIGPIPE', () => undefined);
  process.on('uncaughtException', answers.trouble);
  process.on('unhandledRejection', answers.trouble);
  process.on('SIGHUP', () => {
    answers.reload().catch(answers.trouble);
  });
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve(signal));
  });
}

function described(error: unknown): string {
  if (error instanceof ListenError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function eventOf({ code }: Result): string {
  if (code === 250) return 'delivered';
  if (code === 0) return 'lost';
  return code < 500 ? 'deferred' : 'refused';
}

function replyOf({ code, enhanced, text, detail }: Result): Record<string, string> {
  const reply = code === 0 ? {} : { reply: `${code} ${enhanced}` };
  const said = code === 250 ? { footer: text } : { reason: text };
  return { ...reply, ...said, ...(detail === undefined ? {} : { detail }) };
}
