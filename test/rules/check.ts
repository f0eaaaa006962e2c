import { parse, parseAllDocuments } from 'yaml';
import { Profile, profileOf, readInventory } from '../../lib/analysis';
import { POLICY_READERS } from '../../lib/dialects/readers';
import { Cidr, Origin } from '../../lib/policy';
import { BUILT_IN_RULES, CheckInput, CheckResult, checkRules, Finding, OptionValue } from '../../lib/rules';

export interface CheckOptions extends Partial<Pick<CheckInput, 'settings' | 'rules' | 'only' | 'profileIsAssumed' | 'isChecked' | 'evidence'>> {
  readonly cni?: string;
  readonly podCidrs?: readonly string[];
  readonly nodeCidrs?: readonly string[];
}

/** Checks manifests with every rule that is on. The file of a document is its number: `0`, `1`. */
export function check(manifests: string, options: CheckOptions = {}): CheckResult {
  const { cni = 'generic', podCidrs = [], nodeCidrs = [], rules = BUILT_IN_RULES, ...others } = options;
  const objects = parseAllDocuments(manifests).map((document, index): { object: unknown; origin: Origin } => {
    if (document.errors.length > 0) throw document.errors[0]!;
    return { object: document.toJS(), origin: { file: String(index) } };
  }).filter(({ object }) => object !== null);
  const profile = profileAs(cni, podCidrs, nodeCidrs);
  return checkRules({ objects, inventory: readInventory(objects, { readers: POLICY_READERS }), profile, rules, ...others });
}

/** As `--cni` takes it: `aws,enable-network-policy=false`. */
function profileAs(cni: string, podCidrs: readonly string[], nodeCidrs: readonly string[]): Profile {
  const [id, ...settings] = cni.split(',');
  const ranges = { podCidrs: podCidrs.map((cidr) => Cidr.parse(cidr)), nodeCidrs: nodeCidrs.map((cidr) => Cidr.parse(cidr)) };
  return profileOf(id!, { ...ranges, settings: Object.fromEntries(settings.map((setting) => setting.split('=') as [string, string])) });
}

/** What one rule says. */
export function found(rule: string, manifests: string, options: CheckOptions = {}): readonly Finding[] {
  return check(manifests, options).findings.filter((finding) => finding.rule === rule || finding.rule === 'rule-crashed');
}

/** The same as lines: `severity KIND NAMESPACE/NAME path: message`. */
export function lines(rule: string, manifests: string, options: CheckOptions = {}): readonly string[] {
  return found(rule, manifests, options).map(({ severity, object, path, message }) =>
    `${severity} ${object.kind} ${object.namespace === undefined ? '' : `${object.namespace}/`}${object.name}${path === '' ? '' : ` ${path}`}: ${message}`);
}

/** Where it could not be asked. */
export function missing(rule: string, manifests: string, options: CheckOptions = {}): readonly string[] {
  return check(manifests, options).notEvaluated.filter((each) => each.rule === rule).map((each) => `${each.namespace ?? ''}: ${each.reason}`);
}

interface SettingsText {
  readonly environments?: { readonly label: string; readonly mayTalk?: ReadonlyArray<readonly [string, string]> };
  readonly rules?: Readonly<Record<string, Readonly<Record<string, OptionValue>>>>;
}

/** The settings that an example needs, which stand in it: `# with netpol.yaml: { environments: ... }`. */
export function settingsIn(example: string): CheckInput['settings'] {
  const [, text] = /^# with netpol\.yaml: (.*)$/m.exec(example) ?? [];
  if (text === undefined) return {};
  const { environments, rules = {} } = parse(text) as SettingsText;
  return {
    rules: Object.fromEntries(Object.entries(rules).map(([id, options]) => [id, { options }])),
    ...(environments === undefined ? {} : { environments: { mayTalk: [], ...environments } }),
  };
}

export function namespace(name: string, metadata = ''): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}${metadata} }\n---\n`;
}

/** A Deployment whose pods have the labels, and these container ports (YAML of a list). */
export function deployment(place: string, labels: string, ports = '[]', podSpec = ''): string {
  const [space, name] = place.split('/');
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name!}, namespace: ${space!} }
spec:
  selector: { matchLabels: ${labels} }
  template:
    metadata: { labels: ${labels} }
    spec: { containers: [{ name: main, image: main, ports: ${ports} }]${podSpec} }
---
`;
}

export function policy(place: string, spec: string, metadata = ''): string {
  const [space, name] = place.split('/');
  return `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name!}, namespace: ${space!}${metadata} }
spec: ${spec}
---
`;
}
