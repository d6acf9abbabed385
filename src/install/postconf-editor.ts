import { Postconf } from '../mail-server/postconf.ts';

/** postconf(1) on a configuration directory that may be changed. */
export class PostconfEditor extends Postconf {
  /** Sets a main.cf parameter; undefined takes it out. */
  async set(name: string, value: string | undefined): Promise<void> {
    await this.print(value === undefined ? ['-X', name] : ['-e', `${name} = ${value}`]);
  }

  /** Sets a master.cf service by its key; undefined takes it out. */
  async setService(key: string, line: string | undefined): Promise<void> {
    await this.print(line === undefined ? ['-MX', key] : ['-M', `${key}=${line}`]);
  }
}
