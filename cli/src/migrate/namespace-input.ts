import { Labels, Policy, Selector } from 'cdk8s-netpol/policy';
import { NamespaceForm } from './default-deny';
import { Statement } from './statement';

/** What the input says about one namespace. */
export interface NamespaceInput {
  readonly name: string;
  /** As far as the input tells. */
  readonly labels: Labels;
  /** Its NetworkPolicies that become code, in the order of the input. */
  readonly policies: readonly Policy[];
  readonly statements: readonly Statement[];
  readonly form: NamespaceForm;
  /** The pods of the namespace of which any statement of the input speaks, here or at another end. */
  readonly spokenOf: readonly Selector[];
}

/** Every namespace that becomes code, by name. */
export type NamespaceInputs = ReadonlyMap<string, NamespaceInput>;

/** Names that the library keeps for its own policies. */
const RESERVED = ['netpol-audit', 'netpol-rollback', 'default-deny', 'allow-dns', 'allow-namespace-wide'];
/** The labels after whose value alone the library names a policy. */
const NAMING_LABELS = ['app', 'app.kubernetes.io/name'];

/** The label by which the library names the policy of these pods, `allow-VALUE`; undefined where the name has a hash. */
function naming(subject: Selector): { readonly key: string; readonly value: string } | undefined {
  const [only, ...more] = Object.entries(subject.asLabels ?? {});
  return only !== undefined && more.length === 0 && NAMING_LABELS.includes(only[0]) ? { key: only[0], value: only[1] } : undefined;
}

/** The names that policies of these subjects may get from the library, and those that it keeps for itself. */
export function namesOfConstructs(subjects: readonly Selector[]): ReadonlySet<string> {
  return new Set([...RESERVED, ...subjects.flatMap((subject) => {
    const label = naming(subject);
    return label === undefined ? [] : [`allow-${label.value}`];
  })]);
}

/** Whether the policy of these pods would get the name of another one's: `app: web` and `app.kubernetes.io/name: web` are both `allow-web`. */
export function sharesItsName(subject: Selector, others: readonly Selector[]): boolean {
  const own = naming(subject);
  return own !== undefined && own.key !== NAMING_LABELS[0]
    && others.some((other) => naming(other)?.value === own.value && naming(other)?.key === NAMING_LABELS[0]);
}
