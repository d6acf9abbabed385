/**
 * The scripts of contrib/docker, each in namespaces as a container would have: a post through Postfix to the list, and
 * from the list through Postfix to its subscribers. Addresses and settings are those of compose.yaml.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { eventually } from './deliveries.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const NAMESPACES = ['--mount', '--net', '--pid', '--fork', '--mount-proc', '--kill-child'];
const WIRE = `set -e
mount --make-rprivate /
mount -t tmpfs -o mode=755 none /run
ip link set lo up
ip link add wire type bridge
ip address add 172.30.24.1/24 dev wire
ip link set wire up
echo up
sleep infinity & wait`;
const LIST = 'news@lists.example.com';
const POSTMASTER = 'me@sink.example.net';
/** So many that mlmmj is still sending when its container is stopped. */
const SUBSCRIBERS = 100;

const compose = readFileSync(join(ROOT, 'contrib/docker/compose.yaml'), 'utf8');

/** A service of compose.yaml, without a YAML reader: the file is ours, and plain. */
function service(name: string) {
  const text = new RegExp(`^  ${name}:\\n((?: {4}.*\\n|\\n)*)`, 'm').exec(compose)![1]!;
  const environment = Object.fromEntries(
    [...text.matchAll(/^ {6}([A-Z_]+): (.*)$/gm)].map((match) => [match[1]!, match[2]!]),
  );
  const list = (key: string) =>
    JSON.parse(new RegExp(`^ {4}${key}: (.*)$`, 'm').exec(text)?.[1] ?? '[]') as string[];
  const dockerfile = join('contrib/docker', name === 'postfix' ? 'Dockerfile.postfix' : 'Dockerfile.lists');
  const entry = /^ENTRYPOINT (.*)$/m.exec(readFileSync(join(ROOT, dockerfile), 'utf8'))![1]!;
  const entrypoint = list('entrypoint').length > 0 ? list('entrypoint') : (JSON.parse(entry) as string[]);
  return {
    address: /ipv4_address: (\S+)/.exec(text)![1]!,
    dockerfile,
    environment,
    command: [...entrypoint, ...list('command')],
  };
}

interface Container {
  log(): string;
  /** Asks until its log has a text; not longer than it runs. */
  says(text: string): Promise<void>;
  /** The entry point's process id. */
  readonly process: number;
  readonly ended: Promise<number | null>;
}

function children(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number);
}

/** The first process of the namespace that a script has made with unshare(1), once it is no more the script itself. */
function containedProcess(parent: number): number | undefined {
  try {
    const [unshare] = children(parent);
    const [first] = unshare === undefined ? [] : children(unshare);
    if (first === undefined) return undefined;
    // What the script runs before that is in its own namespace.
    const namespaceOf = (pid: number) => readlinkSync(`/proc/${pid}/ns/pid`);
    if (namespaceOf(first) === namespaceOf(unshare!)) return undefined;
    return readFileSync(`/proc/${first}/cmdline`, 'latin1').includes('container.sh') ? undefined : first;
  } catch {
    // One of them has ended meanwhile.
    return undefined;
  }
}

const obstacle = inject('obstacle') ?? wireObstacle();

/** Why containers cannot be had here; undefined where they can. */
function wireObstacle(): string | undefined {
  if (!existsSync('/usr/bin/swaks')) return 'needs swaks';
  const trial = ['sh', '-c', 'ip link add wire type bridge && ip link add one type veth peer name two'];
  const { status } = spawnSync('unshare', [...NAMESPACES, ...trial]);
  return status === 0 ? undefined : 'needs iproute2 and the right to make namespaces and network bridges';
}

describe.skipIf(obstacle)(`the containers${obstacle === undefined ? '' : ` (${obstacle})`}`, () => {
  let directory: string;
  let host: ChildProcess;
  let init: number;
  let lists: Container;
  const inHost = () => ['-t', String(init), '--mount', '--net', '--pid'];

  async function start(
    name: string,
    { address, dockerfile, environment, command }: ReturnType<typeof service>,
  ): Promise<Container> {
    const script = [join(ROOT, 'test/e2e/stack/container.sh'), directory, name, address, dockerfile];
    // A file and not a pipe: Node's are sockets, and Postfix cannot open a socket as /dev/stdout.
    const output = join(directory, `${name}.log`);
    const descriptor = openSync(output, 'a');
    const child = spawn('nsenter', [...inHost(), `--wd=${ROOT}`, 'bash', ...script, ...command], {
      stdio: ['ignore', descriptor, descriptor],
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...environment },
    });
    closeSync(descriptor);
    const log = () => readFileSync(output, 'utf8');
    const ended = once(child, 'exit').then(([code]) => code as number | null);
    const whileItRuns = <Result>(what: string, ask: () => Result | undefined) =>
      eventually(`${what} of ${name}`, () => {
        const result = ask();
        if (result !== undefined) return result;
        if (child.exitCode !== null) throw new Error(`${name} has ended: ${log()}`);
        return undefined;
      });
    // nsenter has the script for its child, which becomes unshare.
    const process = await whileItRuns('the first process', () => containedProcess(child.pid!));
    const says = async (text: string) => {
      await whileItRuns(`"${text.trim()}" in the log`, () => (log().includes(text) ? true : undefined));
    };
    return { log, says, process, ended };
  }

  /** Runs a command in a container as its user, as `docker compose exec` does. */
  async function exec(container: Container, command: readonly string[]) {
    const enter = ['-t', String(container.process), '--mount', '--net', '--pid'];
    return execa(
      'nsenter',
      [...enter, 'setpriv', '--reuid=mlmmj', '--regid=mlmmj', '--clear-groups', ...command],
      {
        env: service('lists').environment,
      },
    );
  }

  /** An SMTP dialogue with Postfix from the wire's gateway, whose address clients of a published port can have. */
  async function dialogue(recipient: string, ...options: string[]): Promise<string> {
    const server = ['--server', service('postfix').address, '--from', 'poster@elsewhere.example'];
    const { stdout } = await execa(
      'nsenter',
      [...inHost(), 'swaks', ...server, '--to', recipient, ...options],
      {
        reject: false,
      },
    );
    return stdout;
  }

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'mlmmj-amime-containers-'));
    chmodSync(directory, 0o755);
    mkdirSync(join(directory, 'messages'));
    chmodSync(join(directory, 'messages'), 0o777);
    host = spawn('unshare', [...NAMESPACES, 'bash', '-c', WIRE], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [up] = (await once(host.stdout!, 'data')) as [Buffer];
    expect(up.toString()).toBe('up\n');
    init = children(host.pid!)[0]!;
    const { environment, ...rest } = service('postfix');
    const sink = `cd ${directory}/messages && exec smtp-sink -u nobody -d message. 0.0.0.0:25 100`;
    const [postfix, ...others] = await Promise.all([
      start('postfix', { ...rest, environment: { ...environment, POSTMASTER } }),
      start('lists', service('lists')),
      start('sink', { ...service('postfix'), address: '172.30.24.9', command: ['sh', '-c', sink] }),
    ]);
    lists = others[0];
    await Promise.all([postfix.says('daemon started'), lists.says('listening on=')]);
  });

  afterAll(async () => {
    if (host === undefined) return;
    const ended = once(host, 'exit');
    host.kill('SIGKILL');
    await ended;
    rmSync(directory, { recursive: true, force: true });
  });

  test('new-list makes a list once, and only where its name is one', async () => {
    await exec(lists, ['new-list', LIST, 'owner@sink.example.net']);
    await expect(exec(lists, ['new-list', LIST, 'owner@sink.example.net'])).rejects.toThrow(
      'is there already',
    );
    for (const wrong of [
      '../x@lists.example.com',
      'news',
      '@lists.example.com',
      'news@',
      'a@b@c',
      'a@../b',
      '',
    ]) {
      await expect(exec(lists, ['new-list', wrong, 'owner@sink.example.net']), wrong).rejects.toThrow(
        'usage',
      );
    }
    await expect(exec(lists, ['new-list', 'talk@lists.example.com'])).rejects.toThrow('usage');
    expect(readdirSync(join(directory, 'spool'))).toEqual(['lists.example.com']);
  });

  test('Postfix takes mail for lists that there are, and for nobody else', async () => {
    expect(await dialogue('nobody@lists.example.com', '--quit-after', 'RCPT')).toMatch(
      /^<\*\* 550 5\.1\.1 .*there is no such mailing list/m,
    );
    expect(await dialogue('ann@sink.example.net', '--quit-after', 'RCPT')).toMatch(
      /^<\*\* 554 5\.7\.1 .*Relay access denied/m,
    );
    expect(await dialogue(LIST, '--quit-after', 'RCPT')).toMatch(/^<- {2}250 2\.1\.5 Ok/m);
  });

  test('a post reaches every subscriber, also where the lists are stopped meanwhile', async () => {
    const list = join(directory, 'spool/lists.example.com/news');
    const subscribers = Array.from({ length: SUBSCRIBERS }, (_, at) => `s${at}@sink.example.net\n`).join('');
    appendFileSync(join(list, 'control/footer_text'), 'Grüße von der Liste\n');
    appendFileSync(join(list, 'subscribers.d/s'), subscribers);
    // A command whose To: names the list: were it posted, there would be twice as many copies.
    const command = await dialogue('news+faq@lists.example.com', '--h-To', LIST);
    expect(command).toMatch(/^<- {2}250 2\.0\.0 Ok: queued as/m);
    await lists.says('recipient=news+faq@');
    const posted = await dialogue(LIST, '--header', 'Message-ID: <1@elsewhere.example>', '--body', 'A post.');
    expect(posted).toMatch(/^<- {2}250 2\.0\.0 Ok: queued as/m);
    await lists.says('footer="footer added: text/plain"');

    process.kill(lists.process, 'SIGHUP');
    await lists.says('\nreloaded');
    process.kill(lists.process, 'SIGTERM');
    expect(await lists.ended).toBe(0);
    expect(lists.log()).toContain('\nstopped');
    const messages = () => readdirSync(join(directory, 'messages'));
    await eventually('all copies', () => (messages().length === SUBSCRIBERS ? true : undefined));
    const copies = messages().map((name) => readFileSync(join(directory, 'messages', name), 'utf8'));
    const reached = copies.map((copy) => /^X-Rcpt-Args: <(s[0-9]+)@/m.exec(copy)?.[1]);
    expect(new Set(reached).size).toBe(SUBSCRIBERS);
    for (const copy of copies) expect(copy).toContain('Liste');
    expect(readdirSync(join(list, 'archive'))).toEqual(['1']);
  });

  test('whoever looks after it gets the mail for the postmaster', async () => {
    const addresses = ['postmaster', 'postmaster@lists.example.com', 'postmaster@mail.example.com'];
    for (const address of addresses) {
      expect(await dialogue(address, '--header', `Subject: to ${address}`)).toMatch(
        /^<- {2}250 2\.0\.0 Ok: queued as/m,
      );
    }
    const messages = join(directory, 'messages');
    await eventually('all of it', () => {
      const all = readdirSync(messages).map((name) => readFileSync(join(messages, name), 'utf8'));
      const mine = all.filter((text) => text.includes(`X-Rcpt-Args: <${POSTMASTER}>`));
      return (
        addresses.every((address) => mine.some((text) => text.includes(`Subject: to ${address}\n`))) ||
        undefined
      );
    });
  });

  test("maintenance does mlmmj's housekeeping, and stops when it is told to", async () => {
    const maintenance = await start('maintenance', service('maintenance'));
    const record = join(directory, 'spool/lists.example.com/news/mlmmj-maintd.lastrun.log');
    await eventually("mlmmj-maintd's record", () =>
      existsSync(record) && readFileSync(record, 'utf8').includes('run_digests') ? true : undefined,
    );
    expect(maintenance.log()).toBe('');
    process.kill(maintenance.process, 'SIGTERM');
    expect(await maintenance.ended).toBe(0);
  });
});
