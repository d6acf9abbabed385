import { createHash } from 'node:crypto';

/** What is read here of a CycloneDX component; npm writes more, and it stays. */
export interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version?: string | undefined;
  readonly type: string;
  readonly [more: string]: unknown;
}

/** What `npm sbom` says of the project: everything that is needed to build it. */
export interface NpmBill {
  readonly $schema: string;
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: Component; readonly tools?: unknown };
  readonly components: readonly Component[];
}

/** npm packages that package.json names, of which something is in the sources as data or gets into the native program. */
const INSIDE: Readonly<Record<string, string>> = {
  '@exodus/bytes': 'src/mime/charset/data, as tables: native program, commands, library',
  'any-ascii': 'src/footer/spellings.ts, as a table: native program, commands, library',
  entities: 'src/footer/named-references.ts, as a table: native program, commands, library',
  assemblyscript: 'its run-time and standard library, compiled: native program',
  wabt: "what wasm2c writes around a module: native program's core.c",
  bun: 'the engine in the executable mlmmj-amime-receive-tools',
};

/** What comes from no npm package. */
const DATA: readonly Component[] = [
  data('Unicode Character Database', '17.0', 'Unicode-3.0', 'https://www.unicode.org/ucd/', 'src/footer'),
  data(
    'WHATWG Encoding Standard: indexes and labels',
    undefined,
    'BSD-3-Clause',
    'https://encoding.spec.whatwg.org/',
    'src/mime/charset/data',
  ),
  data(
    'IANA Character Sets',
    undefined,
    'CC0-1.0',
    'https://www.iana.org/assignments/character-sets/',
    'src/mime/charset/data/labels.ts',
  ),
];

function data(
  name: string,
  version: string | undefined,
  license: string,
  url: string,
  where: string,
): Component {
  return {
    'bom-ref': name,
    type: 'data',
    name,
    version,
    licenses: [{ license: { id: license } }],
    externalReferences: [{ type: 'website', url }],
    ...use(`${where}, as tables: native program, commands, library`),
  };
}

function use(where: string) {
  return { properties: [{ name: 'mlmmj-amime-receive:contained-in', value: where }] };
}

/**
 * The bill of materials of a release, in CycloneDX: what is inside of its files, and not what they were built with. The same input
 * gives the same bytes. Pure.
 *
 * @param pinned the versions in package.json
 * @param bundled what is in the commands, as NAME@VERSION
 * @throws Error where npm does not know something that is inside
 */
export function billOfMaterials(
  npm: NpmBill,
  pinned: Readonly<Record<string, string>>,
  bundled: readonly string[],
  time: Date,
): object {
  const components: Component[] = [];
  for (const [name, where] of Object.entries(INSIDE))
    components.push({ ...find(npm, `${name}@${pinned[name]}`), ...use(where) });
  for (const reference of bundled) {
    const component = find(npm, reference);
    const known = components.findIndex((other) => other['bom-ref'] === component['bom-ref']);
    if (known < 0) components.push({ ...component, ...use('commands (tools.js, amime-receive.js)') });
  }
  components.push(...DATA);
  const { component } = npm.metadata;
  const self = {
    ...component,
    name: 'mlmmj-amime-receive',
    externalReferences: undefined,
    properties: undefined,
  };
  const inside = components.map((each) => ({ ...each, scope: 'required' }));
  const digest = createHash('sha256')
    .update(JSON.stringify([self, inside]))
    .digest('hex');
  return {
    $schema: npm.$schema,
    bomFormat: npm.bomFormat,
    specVersion: npm.specVersion,
    serialNumber: `urn:uuid:${uuid(digest)}`,
    version: 1,
    metadata: { timestamp: time.toISOString(), component: self },
    components: inside,
    dependencies: [{ ref: self['bom-ref'], dependsOn: inside.map((each) => each['bom-ref']) }],
  };
}

function find(npm: NpmBill, reference: string): Component {
  const component = npm.components.find((each) => each['bom-ref'] === reference);
  if (component === undefined) throw new Error(`npm sbom does not name ${reference}`);
  return component;
}

/** RFC 9562, version 8: the bits are what somebody wants them to be. */
function uuid(digest: string): string {
  const variant = '89ab'[Number.parseInt(digest[16]!, 16) & 3];
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `${variant}${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-');
}
