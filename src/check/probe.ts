import { probeRecipient, smtpAddress } from '../mail-server/probe.ts';
import type { HostFacts } from './facts.ts';
import { type Finding, right, wrong } from './finding.ts';

/** Asks the running Postfix itself whether it takes an address, as nothing but a mail from this host would. */
export async function probe(address: string, { services, settings }: HostFacts): Promise<Finding> {
  const at = smtpAddress(services, settings);
  if (at === undefined) {
    return wrong(
      address,
      'master.cf has no smtpd that could be asked',
      'name its directory: --postfix-config DIR',
    );
  }
  const where = `smtpd at ${at.host} port ${at.port}`;
  try {
    const answer = await probeRecipient(at, address, settings.get('myhostname') ?? 'localhost');
    const said = `${where} says to ${address}: ${answer}`;
    return answer.startsWith('2')
      ? right(address, said)
      : wrong(address, said, 'the mail log says which restriction or table it was');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    return wrong(address, `${where} does not answer (${why})`, 'postfix status, and the mail log');
  }
}
