import { defineScalarTag, defineSequenceTag, FAILSAFE_SCHEMA, mapTag, mergeTag, NOT_RESOLVED } from 'js-yaml';

/**
 * Plain scalars as kubectl reads them, which is YAML 1.1 as go-yaml has it: `yes` and `on` are true, `010` is 8, `1_000` is a
 * number; `1:30` and dates are text. Another reading would call a label valid that the API server refuses, or open another port.
 * @see https://github.com/kubernetes-sigs/yaml/blob/master/goyaml.v2/resolve.go
 */
const NULLS = new Set(['', '~', 'null', 'Null', 'NULL']);
const TRUE = new Set(['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']);
const FALSE = new Set(['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']);
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const SPECIAL: ReadonlyMap<string, number> = new Map([
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, Infinity] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, -Infinity] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, NaN] as const),
]);
const DIGITS = [...'0123456789'];

const nullTag = defineScalarTag('tag:yaml.org,2002:null', {
  implicit: true,
  implicitFirstChars: ['', '~', 'n', 'N'],
  resolve: (source) => (NULLS.has(source) ? null : NOT_RESOLVED),
  identify: () => false,
});

const boolTag = defineScalarTag('tag:yaml.org,2002:bool', {
  implicit: true,
  implicitFirstChars: [...'yYtToOnNfF'],
  resolve: (source) => (TRUE.has(source) ? true : FALSE.has(source) ? false : NOT_RESOLVED),
  identify: () => false,
});

const intTag = defineScalarTag('tag:yaml.org,2002:int', {
  implicit: true,
  implicitFirstChars: ['-', '+', ...DIGITS],
  resolve: (source) => integer(source) ?? NOT_RESOLVED,
  identify: () => false,
});

const floatTag = defineScalarTag('tag:yaml.org,2002:float', {
  implicit: true,
  implicitFirstChars: ['-', '+', '.', ...DIGITS],
  resolve: (source) => {
    const plain = source.includes('_') ? source.replaceAll('_', '') : source;
    return SPECIAL.get(source) ?? (FLOAT.test(plain) ? Number(plain) : NOT_RESOLVED);
  },
  identify: () => false,
});

export const KUBERNETES_SCHEMA = FAILSAFE_SCHEMA.withTags(nullTag, boolTag, intTag, floatTag, mergeTag);

function integer(source: string): number | undefined {
  const [, sign, hex, binary, octal, decimal] = INTEGER.exec(source.includes('_') ? source.replaceAll('_', '') : source) ?? [];
  if (sign === undefined) return undefined;
  const value = decimal !== undefined ? Number(decimal)
    : hex !== undefined ? parseInt(hex, 16)
      : binary !== undefined ? parseInt(binary, 2)
        : parseInt(octal!, 8);
  return sign === '-' ? -value : value;
}

/** The same, with tags that it does not know read as if they were not there. */
export const TOLERANT_SCHEMA = KUBERNETES_SCHEMA.withTags(
  defineScalarTag('!', { matchByTagPrefix: true, resolve: (source) => source, identify: () => false }),
  defineScalarTag('tag:', { matchByTagPrefix: true, resolve: (source) => source, identify: () => false }),
  ...['!', 'tag:'].map((prefix) => defineSequenceTag<unknown[]>(prefix, {
    matchByTagPrefix: true,
    create: () => [],
    addItem: (list, item) => {
      list.push(item);
    },
    identify: () => false,
  })),
  ...['!', 'tag:'].map((prefix) => ({ ...mapTag, tagName: prefix, matchByTagPrefix: true, identify: () => false })),
);
