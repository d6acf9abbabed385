/**
 * Writes to standard output, and waits until all of it is out: the process ends right after, and what a pipe has not
 * taken by then would be cut off.
 */
export function print(text: string): Promise<void> {
  return new Promise((resolve) => {
    const { stdout } = process;
    // A reader that has seen enough (head, less) is no trouble.
    const done = () => resolve();
    stdout.once('error', done);
    stdout.write(text, (error) => {
      if (!error) stdout.off('error', done);
      resolve();
    });
  });
}
