/** STARTTLS with a certificate that openssl makes, its renewal by SIGHUP, and the numbers for Prometheus. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, describe, expect, test } from 'vitest';
import { file, lacks } from '../helpers/needs.ts';
import {
  Client,
  makeSpool,
  message,
  PROGRAMS,
  type Service,
  type Spool,
  startService,
  until,
} from './service.ts';

/** Says on SIGUSR2 how many timers are set that take a minute or more. */
const TIMERS = fileURLToPath(new URL('../fixtures/bin/counts-timers.cjs', import.meta.url));
const openssl = ['/usr/bin/openssl', '/usr/local/bin/openssl'].find(existsSync);
const noOpenssl = lacks(file(openssl ?? '/usr/bin/openssl', 'openssl'));

describe.each(PROGRAMS)('$name', (program) => {
  let spool: Spool;
  let service: Service;
  afterEach(async () => {
    expect(await service.stop(), service.log()).toBe(0);
    await spool.remove();
  });

  async function certify(name: string): Promise<void> {
    await execa(openssl!, [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
      ],
      ...[
        '-subj',
        `/CN=${name}`,
        '-keyout',
        join(spool.path, 'key'),
        '-out',
        join(spool.path, 'certificate'),
      ],
    ]);
  }

  async function startTls(): Promise<{ socket: TLSSocket; client: Client }> {
    const plain = await Client.greeted(service.port);
    expect(await plain.ask('STARTTLS')).toMatch(/^220 /);
    plain.socket.removeAllListeners('data');
    const socket = connectTls({ socket: plain.socket, rejectUnauthorized: false });
    await new Promise((resolve, reject) => {
      socket.once('secureConnect', resolve);
      socket.once('error', reject);
    });
    return { socket, client: new Client(socket) };
  }

  test.skipIf(noOpenssl)(`STARTTLS, and SIGHUP after the certificate was renewed${noOpenssl}`, async () => {
    spool = await makeSpool();
    await certify('first.example.org');
    const files = ['--tls-cert', join(spool.path, 'certificate'), '--tls-key', join(spool.path, 'key')];
    service = await startService({ program, lists: spool.path, args: files });
    const { socket, client } = await startTls();
    expect(socket.getPeerCertificate().subject.CN).toBe('first.example.org');
    expect(await client.ask('MAIL FROM:<a@example.net>'), 'what was said in clear does not count').toMatch(
      /^503 /,
    );
    expect(await client.ask('LHLO again')).not.toContain('STARTTLS');
    const replies = await client.deliver(['news@example.org'], message('secret', 'x\n'.repeat(700_000)));
    expect(replies).toEqual(['250 2.1.5 footer added: text/plain']);
    client.close();
    await certify('second.example.org');
    service.child.kill('SIGHUP');
    await service.logged('reloaded');
    const renewed = await startTls();
    expect(renewed.socket.getPeerCertificate().subject.CN).toBe('second.example.org');
    renewed.client.close();
  });

  test.skipIf(noOpenssl)(
    `a certificate that is of no use: no start, and after SIGHUP the one before stays${noOpenssl}`,
    async () => {
      spool = await makeSpool();
      await certify('first.example.org');
      const [certificate, key] = [join(spool.path, 'certificate'), join(spool.path, 'key')];
      const files = ['--tls-cert', certificate, '--tls-key', key];
      service = await startService({ program, lists: spool.path, args: files });
      const good = await readFile(key, 'utf8');
      await certify('second.example.org');
      const spoilt: [string, string, string][] = [
        [key, good, `${key} is not the key of the certificate in ${certificate}`],
        [key, '', `${key} holds no private key in PEM, or one that needs a passphrase`],
        [certificate, 'hello\n', `${certificate} holds no certificate in PEM`],
        [certificate, '', `${certificate} holds no certificate in PEM`],
      ];
      for (const [file, content, complaint] of spoilt) {
        await writeFile(file, content);
        await expect(startService({ program, lists: spool.path, args: files })).rejects.toThrow(
          `the service has ended: mlmmj-amime-receive serve: ${complaint}\n`,
        );
        const before = service.log().length;
        service.child.kill('SIGHUP');
        await until(() => service.log().slice(before).includes('\n') || undefined);
        expect(service.log().slice(before)).toContain(complaint);
      }
      const { socket, client } = await startTls();
      expect(socket.getPeerCertificate().subject.CN).toBe('first.example.org');
      client.close();
    },
  );

  // The executable has no switch that loads a probe; the soak sees what it keeps.
  const [path, ...rest] = program.command;
  if (path === process.execPath) {
    test.skipIf(noOpenssl)(`encrypted clients that break off leave nothing behind${noOpenssl}`, async () => {
      spool = await makeSpool();
      await certify('first.example.org');
      const files = ['--tls-cert', join(spool.path, 'certificate'), '--tls-key', join(spool.path, 'key')];
      const probed = { name: program.name, command: [path, '--require', TIMERS, ...rest] } as typeof program;
      service = await startService({ program: probed, lists: spool.path, args: files });
      for (let count = 0; count < 10; count++) {
        const { client } = await startTls();
        await client.ask('LHLO again');
        client.close();
      }
      await until(async () => {
        service.child.kill('SIGUSR2');
        await new Promise((resolve) => setTimeout(resolve, 100));
        return service.log().trimEnd().endsWith('timers=0') || undefined;
      });
    });
  }

  test.skipIf(noOpenssl)(
    `commands that came in clear behind STARTTLS are not run inside${noOpenssl}`,
    async () => {
      spool = await makeSpool();
      await certify('first.example.org');
      const files = ['--tls-cert', join(spool.path, 'certificate'), '--tls-key', join(spool.path, 'key')];
      service = await startService({ program, lists: spool.path, args: files });
      const plain = await Client.greeted(service.port);
      plain.send('STARTTLS\r\nLHLO injected\r\nMAIL FROM:<evil@example.net>\r\n');
      expect(await plain.reply()).toMatch(/^220 /);
      plain.socket.removeAllListeners('data');
      const socket = connectTls({ socket: plain.socket, rejectUnauthorized: false });
      await new Promise((resolve) => socket.once('secureConnect', resolve));
      const client = new Client(socket);
      expect(await client.ask('RCPT TO:<news@example.org>')).toMatch(/^503 /);
      client.close();
    },
  );

  test('counts what it does', async () => {
    spool = await makeSpool();
    const [port] = await freePorts();
    service = await startService({ program, lists: spool.path, args: ['--metrics', `127.0.0.1:${port}`] });
    await service.logged('listening');
    const client = await Client.greeted(service.port);
    await client.deliver(['news@example.org', 'plain@example.org', 'nobody@example.org'], message('one'));
    await client.deliver(['news+help@example.org'], message('two', 'x\n'.repeat(30_000)));
    const text = await until(async () => {
      const response = await fetch(`http://127.0.0.1:${port}/metrics`);
      expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4');
      return response.text();
    });
    const value = (name: string) => {
      const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
      return Number(line?.slice(name.length + 1));
    };
    expect(value('mlmmj_amime_recipients_total{result="delivered"}')).toBe(3);
    expect(value('mlmmj_amime_recipients_total{result="refused"}')).toBe(1);
    expect(value('mlmmj_amime_footers_total{kind="text/plain",manner="into"}')).toBe(1);
    expect(value('mlmmj_amime_footers_missing_total{reason="passed through"}')).toBe(2);
    expect(value('mlmmj_amime_message_bytes_count')).toBe(2);
    expect(value('mlmmj_amime_message_bytes_bucket{le="1024"}')).toBe(1);
    expect(value('mlmmj_amime_message_seconds_count')).toBe(2);
    expect(value('mlmmj_amime_deliveries_running')).toBe(0);
    expect(value('mlmmj_amime_connections')).toBe(1);
    // Every line is what the format's grammar allows.
    for (const line of text.trimEnd().split('\n')) {
      expect(line).toMatch(
        /^(# (HELP|TYPE) mlmmj_amime_[a-z_]+ .+|mlmmj_amime_[a-z_]+(\{[a-z]+="[^"\\\n]*"(,[a-z]+="[^"\\\n]*")*\})? [0-9.e+-]+)$/,
      );
    }
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
    client.close();
  });
});

async function freePorts(): Promise<number[]> {
  const { freePorts: free } = await import('../e2e/stack/ports.ts');
  return free(1);
}
