import { basename, dirname } from 'node:path';
import { SERVICE_UNIT, SOCKET_UNIT } from '../mail-server/units.ts';
import { describeChange } from './change.ts';
import { unifiedDiff } from './diff.ts';
import type { FileChange } from './file-change.ts';
import type { Installation } from './install.ts';
import type { Removal } from './uninstall.ts';

/** What `install` tells, as lines for standard output. */
export function reportInstallation(done: Installation, dryRun: boolean): string {
  const { plan, files, host } = done;
  const lines: string[] = [];
  if (done.recovered)
    lines.push('An earlier run was interrupted: what it had changed was put back first.', '');
  if (plan.changes.length === 0 && files.length === 0) {
    lines.push('Everything is in place already: nothing needs to change.');
  } else {
    lines.push(dryRun ? 'Would change:' : 'Changed:');
    lines.push(...plan.changes.map((change) => `  ${describeChange(change)}`));
  }
  if (plan.kept.length > 0 && dryRun)
    lines.push('', 'Stays as it is:', ...plan.kept.map((kept) => `  ${kept}`));
  if (dryRun && files.length > 0) lines.push('', ...files.map(showFile));
  if (plan.notes.length > 0) lines.push('', 'To do by hand:', ...plan.notes.map((note) => `  ${note}`));
  if (!dryRun && files.length > 0) {
    lines.push(
      '',
      'Checked with postfix check, postconf, postmap and perl -c. To use it now:',
      ...startUnits(done),
      `  postfix${flag(host.config)} reload`,
    );
    if (host.amavis !== undefined && files.some((file) => file.path === host.amavis?.bank)) {
      lines.push('  and restart Amavisd (systemctl restart amavis, rcctl restart amavisd, …)');
    }
    lines.push('Copies of the files as they were: mlmmj-amime-receive uninstall puts them back.');
  }
  return `${lines.join('\n')}\n`;
}

/** What `uninstall` tells. */
export function reportRemoval(removal: Removal, config: string, dryRun: boolean): string {
  if (!removal.found) return 'Nothing is installed here: nothing needs to change.\n';
  const lines =
    removal.files.length === 0
      ? ['Nothing had to be put back.']
      : [dryRun ? 'Would put back:' : 'Put back:', ...removal.files.map((file) => `  ${file.path}`)];
  if (dryRun) lines.push('', ...removal.files.map(showFile));
  if (removal.left.length > 0) {
    lines.push('', 'Left, because it was changed since:', ...removal.left.map((left) => `  ${left}`));
  }
  if (removal.inUse.length > 0) {
    lines.push(
      '',
      'Left, because main.cf or master.cf still names it:',
      ...removal.inUse.map((path) => `  ${path}`),
    );
  }
  if (!dryRun) {
    const { postfix, amavis } = removal.touches;
    const steps = [
      ...(postfix ? [`postfix${flag(config)} reload`] : []),
      ...(amavis ? ['restart Amavisd'] : []),
    ];
    if (steps.length > 0) lines.push('', `To use it now: ${steps.join(', and ')}.`);
    const stop = stopUnits(removal.files);
    if (stop.length > 0) lines.push('Then end the LMTP service:', ...stop);
  }
  return `${lines.join('\n')}\n`;
}

/** Nothing is started here: mail waits in the queue until the service is. */
function startUnits({ plan, host, files }: Installation): string[] {
  const units = files.filter(({ path }) => [SERVICE_UNIT, SOCKET_UNIT].includes(basename(path)));
  const reload = units.length === 0 ? [] : ['  systemctl daemon-reload'];
  const running = host.lmtp !== undefined && units.some(({ before }) => before !== undefined);
  // systemd does not open a socket anew while its service runs.
  if (running) return [...reload, `  systemctl stop ${SERVICE_UNIT}`, `  systemctl restart ${SOCKET_UNIT}`];
  const begins = plan.lmtp !== undefined && host.lmtp === undefined && host.unit !== undefined;
  return units.length > 0 || begins ? [...reload, `  systemctl enable --now ${SOCKET_UNIT}`] : [];
}

/** systemctl would not find a unit whose file is gone, so what it left behind is taken away by hand. */
function stopUnits(files: readonly FileChange[]): string[] {
  const gone = files.filter(({ path, after }) => after === undefined && /\/mlmmj-amime\.\w+$/.test(path));
  if (gone.length === 0) return [];
  const links = [...new Set(gone.map(({ path }) => `${dirname(path)}/*.wants/mlmmj-amime.*`))];
  return [
    `  systemctl stop ${SOCKET_UNIT} ${SERVICE_UNIT}`,
    `  rm -f ${links.join(' ')}`,
    '  systemctl daemon-reload',
  ];
}

function flag(config: string): string {
  return config === '/etc/postfix' ? '' : ` -c ${config}`;
}

/** The exact difference of a file; passwords and indexes are named, not shown. */
function showFile(file: FileChange): string {
  if ([file.before, file.after].some((content) => content?.includes(0)))
    return `binary file ${file.path} differs\n`;
  const diff = unifiedDiff(file.path, text(file.before), text(file.after));
  return diff.replace(/^([+ -]\s*(?:password|bind_pw)\s*=\s*).*$/gm, '$1(not shown)');
}

function text(content: Buffer | undefined): string | undefined {
  return content?.toString('utf8');
}
