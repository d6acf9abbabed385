/**
 * Writes to standard output, and waits until all of it is out: the process ends right after, and what a pipe has not
 * taken by then would be cut off.
 */
export function print(text: string): Promise<void> {
  return new Promise((resolve) => {
    // A reader that has seen enough (head, less) is no trouble.
    process.stdout.once('error', () => resolve());
    process.stdout.write(text, () => resolve());
  });
}
