import { resolve } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';

/**
 * The options of a command that people type, read as node:util's parseArgs reads them. What is wrong with them is said
 * here, in the words of pipe mode: the runtimes each have their own, with advice that does not fit.
 *
 * @throws Error whose message is one line
 */
export function readOptions<Config extends ParseArgsConfig>(
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  const { tokens = [] } = parseArgs({ ...config, strict: false, allowPositionals: true, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'positional' && !config.allowPositionals) {
      throw new Error(`unknown argument "${token.value}"`);
    }
    if (token.kind !== 'option') continue;
    const { rawName, value, inlineValue } = token;
    const type = config.options?.[token.name]?.type;
    if (type === undefined) throw new Error(`unknown option "${rawName}"`);
    if (type === 'boolean' && value !== undefined) throw new Error(`${rawName} takes no value`);
    // What looks like the next option is one: a forgotten value must not swallow it.
    const isNextOption = !inlineValue && value !== undefined && /^-./.test(value);
    if (type === 'string' && (value === undefined || isNextOption)) {
      throw new Error(`${rawName} needs a value`);
    }
  }
  return parseArgs(config);
}

/** A path in one spelling: it stands in main.cf, where `/etc/postfix//table` would be another table. */
export function oneSpelling(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(path);
}
