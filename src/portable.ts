/** To be imported first by whatever runs the shared sources on Node without a bundler. */
import * as builtIns from './built-ins.ts';

Object.assign(globalThis, builtIns);
