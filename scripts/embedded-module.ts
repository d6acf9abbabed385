/** The files that `install` writes or merges, as they lie in the source tree. */
export const EMBEDDED_FILES = [
  'amavis/policy-bank.conf',
  'postfix/lmtp.main.cf.snippet',
  'postfix/lmtp.master.cf.snippet',
  'postfix/lmtp.transport.snippet',
  'postfix/main.cf.snippet',
  'postfix/master.cf.snippet',
  'postfix/mlmmj-out.regexp',
  'postfix/transport_maps_maillist',
  'postfix/transport_maps_maillist.cf.ldap',
  'postfix/transport_maps_maillist.cf.mysql',
  'postfix/transport_maps_maillist.cf.pgsql',
  'systemd/mlmmj-amime.service',
  'systemd/mlmmj-amime.socket',
] as const;

/** The TypeScript module that holds the files' texts, in the style of the rest of the source. */
export function embeddedModule(texts: readonly (readonly [file: string, text: string])[]): string {
  const entries = texts.map(([file, text]) => `  '${file}': \`${escapeTemplate(text)}\`,\n`);
  return `// Written by scripts/embed-snippets.ts from the files named here: change those, then run it again.

/** The snippets as they lie in postfix/, amavis/ and systemd/, by their path in the source tree. */
export const SNIPPETS = {
${entries.join('')}} as const;
`;
}

function escapeTemplate(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${');
}
