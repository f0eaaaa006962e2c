import { PROFILE_IDS } from 'cdk8s-netpol/analysis';
import { OptionSpec, PolicyRule, SEVERITIES } from 'cdk8s-netpol/rules';
import { STAGED } from '../cluster-flags';
import { WAIVER_KINDS } from './gate-config';

type Schema = Readonly<Record<string, unknown>>;

const TEXT: Schema = { type: 'string', minLength: 1 };
const TEXTS: Schema = { type: 'array', items: TEXT };
/** What the reader takes as text: YAML reads digits as a number, and `off` as a word of its own in some editors. */
const WORD: Schema = { type: ['string', 'number', 'boolean'] };

/** The schema of netpol.yaml, for editors: what it refuses the reader refuses, and the reader knows more. */
export function netpolSchema(rules: readonly PolicyRule[]): Schema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'https://raw.githubusercontent.com/cdk8s-netpol/cdk8s-netpol/main/cli/schema/netpol.schema.json',
    title: 'netpol.yaml',
    description: 'What netpol knows of your clusters, and which rules hold for their policies.',
    ...closed({
      clusters: { description: 'The clusters of this repository.', type: 'array', minItems: 1, items: clusterSchema() },
      ownerKeys: described('Labels and annotations by which a Namespace or a policy names its owner, beside cdk8s-netpol/owner; left out: backstage.io/owner, team, owner, app.kubernetes.io/owned-by.', TEXTS),
      owners: {
        description: 'Who the teams are in CODEOWNERS: @user, @org/team or a mail address, several with spaces between them.', type: 'object', additionalProperties: TEXT,
      },
      rules: {
        description: 'What holds for a rule of netpol check: a severity, off, or a mapping with its options.',
        type: 'object',
        properties: Object.fromEntries(rules.map((rule) => [rule.id, ruleSchema(rule)])),
        // rules of one's own
        additionalProperties: { anyOf: [severitySchema(), { type: 'object', properties: { severity: severitySchema() } }] },
      },
      customRules: described('Modules with rules of your own, relative to this file.', TEXTS),
      exceptions: { description: 'Findings that are accepted, each with its reason.', type: 'array', items: exceptionSchema() },
      askFor: described('Whom to ask for an exception: a channel, an address.', TEXT),
      trustedRanges: described('CIDRs outside of the clusters that are known and trusted.', TEXTS),
      environments: {
        description: 'The label of namespaces that names their environment, and the pairs of environments that may talk.',
        ...closed({ label: TEXT, mayTalk: { type: 'array', items: { type: 'array', items: TEXT, minItems: 2, maxItems: 2 } } }, ['label']),
      },
      flows: {
        description: 'Recorded traffic.',
        ...closed({
          store: described('The file that it is kept in, relative to this file.', TEXT),
          retention: described('After which time it leaves the store: 30d to 90d, and more where retentionReason is given.', { type: 'string', pattern: '^\\d+[dw]$' }),
          retentionReason: TEXT,
        }),
      },
      gate: { description: 'What has to be so before a namespace may go to ENFORCE.', ...gateSchema() },
      ignorePaths: described('Files without findings: * stands for a part of a name, ** for any folders. What is in them is still context.', TEXTS),
    }),
    minProperties: 1,
  };
}

function clusterSchema(): Schema {
  return {
    ...closed({
      name: TEXT,
      cni: described(`What enforces policy: NAME[@VERSION][,SETTING=VALUE...], with a name of ${PROFILE_IDS.join(', ')}.`, TEXT),
      settings: { description: 'Settings of the CNI by its own names.', type: 'object', additionalProperties: WORD },
      render: described('The command that renders the manifests: into paths, or without them to its standard output.', TEXT),
      renderSeconds: { type: 'integer', minimum: 1, maximum: 3600 },
      paths: TEXTS,
      inventory: described('More manifests of the cluster: context without findings.', TEXTS),
      podCidrs: TEXTS,
      nodeCidrs: TEXTS,
      staged: described('What becomes of staged policies.', { enum: STAGED }),
    }, ['name']),
    anyOf: [{ required: ['paths'] }, { required: ['render'] }],
  };
}

function gateSchema(): Schema {
  const duration = { type: 'string', pattern: '^\\d+[mhdw]$' };
  const share = { anyOf: [{ type: 'string', pattern: '^\\d+(\\.\\d+)?%?$' }, { type: 'number', minimum: 0, maximum: 1 }] };
  const waiver = { ...Object.fromEntries(WAIVER_KINDS.map((kind) => [kind, TEXT])), reason: TEXT, until: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' } };
  return closed({
    window: described('How long traffic has to have been observed: a business cycle.', duration),
    completeness: described('The share of hours and nodes that has to be complete.', share),
    maxLoss: described('The share of events that may be lost.', share),
    maxSilence: described('An hour in which a node was silent for longer is not complete.', duration),
    maxUndecided: described('The share of connections that may stay undecided.', share),
    minRehearsed: described('The share of connections that has to be exercised in the environment that --rehearsed-in names.', share),
    evidenceHolds: described('How long the evidence holds that --write leaves.', duration),
    waivers: {
      description: 'What a person answers for, until a day.',
      type: 'array',
      items: { ...closed(waiver, ['reason', 'until']), oneOf: WAIVER_KINDS.map((kind) => ({ required: [kind] })) },
    },
  });
}

function exceptionSchema(): Schema {
  return {
    ...closed({
      rule: TEXT,
      reason: TEXT,
      until: described('The last day on which it holds.', { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
      namespace: TEXT,
      object: described('KIND NAMESPACE/NAME, or KIND NAME.', TEXT),
      files: described('A pattern of files.', TEXT),
    }, ['rule', 'reason']),
    anyOf: ['namespace', 'object', 'files'].map((field) => ({ required: [field] })),
  };
}

function ruleSchema({ title, rationale, severity, options = {} }: PolicyRule): Schema {
  const values = Object.fromEntries(Object.entries(options).map(([name, spec]) => [name, optionSchema(spec)]));
  return {
    description: `${title} (${severity}). ${rationale}`,
    anyOf: [severitySchema(), closed({ severity: severitySchema(), ...values })],
  };
}

function severitySchema(): Schema {
  // an editor that reads YAML 1.1 takes off for false
  return { enum: [...SEVERITIES, 'off', false] };
}

function optionSchema(spec: OptionSpec): Schema {
  const { description, default: value } = spec;
  const type = spec.type === 'texts' ? TEXTS : spec.type === 'flag' ? { type: 'boolean' } : spec.type === 'number' ? { type: 'integer', minimum: 0 }
    : spec.choices === undefined ? TEXT : { enum: spec.choices };
  return { description, ...type, ...(value === '' ? {} : { default: value }) };
}

function closed(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  return { type: 'object', properties, additionalProperties: false, ...(required.length === 0 ? {} : { required }) };
}

function described(description: string, schema: Schema): Schema {
  return { description, ...schema };
}
