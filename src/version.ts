/** Baked in from package.json when the program is built; a program run from its sources says so. */
declare const __VERSION__: string | undefined;

export const VERSION: string = typeof __VERSION__ === 'string' ? __VERSION__ : 'from source';
