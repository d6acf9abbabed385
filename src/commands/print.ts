/**
 * Writes to standard output, and waits until all of it is out: the process ends right after, and what a pipe has not
 * taken by then would be cut off.
 *
 * @throws the system's error; EPIPE where the reader has seen enough
 */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const { stdout } = process;
    stdout.once('error', reject);
    stdout.write(text, (error) => {
      if (error) return reject(error);
      stdout.off('error', reject);
      resolve();
    });
  });
}
