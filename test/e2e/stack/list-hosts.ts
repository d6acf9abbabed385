import { execa } from 'execa';

/** A host for lists: a network namespace with one wire to the mail host. */
export interface ListHost {
  readonly namespace: string;
  /** Its own address, and the mail host's on the same wire. */
  readonly address: string;
  readonly mailHost: string;
}

/** Addresses for documentation (RFC 5737): nobody has them. */
const NETWORK = '198.51.100';

/** Why there can be no such hosts here; undefined where there can. */
export async function namespaceObstacle(): Promise<string | undefined> {
  const name = `amime-try-${process.pid}`;
  const { failed } = await execa('ip', ['netns', 'add', name], { reject: false });
  if (failed) return 'network namespaces need iproute2 and the right to make them (CAP_SYS_ADMIN)';
  await execa('ip', ['netns', 'delete', name]);
  return undefined;
}

export async function makeListHost(number: number): Promise<ListHost> {
  const namespace = `amime-${process.pid}-${number}`;
  const [here, there] = [`am${process.pid}h${number}`, `am${process.pid}l${number}`].map((name) =>
    name.slice(-15),
  );
  const mailHost = `${NETWORK}.${number * 4 + 1}`;
  const address = `${NETWORK}.${number * 4 + 2}`;
  const ip = (...args: string[]) => execa('ip', args);
  await ip('netns', 'add', namespace);
  await ip('link', 'add', here!, 'type', 'veth', 'peer', 'name', there!, 'netns', namespace);
  await ip('address', 'add', `${mailHost}/30`, 'dev', here!);
  await ip('link', 'set', here!, 'up');
  await ip('-n', namespace, 'address', 'add', `${address}/30`, 'dev', there!);
  await ip('-n', namespace, 'link', 'set', there!, 'up');
  await ip('-n', namespace, 'link', 'set', 'lo', 'up');
  return { namespace, address, mailHost };
}

/** The wire goes with the namespace. */
export async function removeListHost({ namespace }: ListHost): Promise<void> {
  await execa('ip', ['netns', 'delete', namespace]);
}
