// Errors of system calls, as Node throws them.

/** The name of a system error (`EACCES`), or `error` for one that has none. */
export function systemCode(error: unknown): string {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : 'error';
}
