import { createHash } from 'crypto';
import { AUDIT_POLICY, checkDnsSubdomain, PolicyError, ROLLBACK_POLICY, Selector } from '../../policy';

export const DEFAULT_DENY_POLICY = 'default-deny';
export const DNS_POLICY = 'allow-dns';
/** Lets probes of the kubelet in where a mesh changes their address. */
export const PROBES_POLICY = 'allow-probes';
export const NAMESPACE_WIDE_POLICY = 'allow-namespace-wide';
const RESERVED = [AUDIT_POLICY, ROLLBACK_POLICY, DEFAULT_DENY_POLICY, DNS_POLICY, PROBES_POLICY, NAMESPACE_WIDE_POLICY];

/** The labels whose value alone is what people call a workload. */
const NAMING_LABELS = ['app', 'app.kubernetes.io/name'];
/** cdk8s-plus puts a hash of the construct path on its pods: it tells one workload from all others, but is no name. */
const PLUS_ADDRESS_LABEL = 'cdk8s.io/metadata.addr';

/**
 * The name of the policy that holds the rules of a subject, from nothing but the subject: it stays when the construct tree is
 * refactored, and it is the same whichever construct speaks first.
 *
 * `{ app: web }` is `allow-web`; a subject that one word does not say in full gets eight digits of its hash.
 */
export function policyNameOf(subject: Selector, workloadName: string | undefined): string {
  if (subject.matchesEverything) return NAMESPACE_WIDE_POLICY;
  const labels = subject.asLabels ?? {};
  const [only, ...more] = Object.entries(labels);
  const label = only !== undefined && more.length === 0 && NAMING_LABELS.includes(only[0]) ? only[1] : undefined;
  const word = Object.hasOwn(labels, PLUS_ADDRESS_LABEL) ? workloadName : label;
  const name = `allow-${word}`;
  if (word !== undefined && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(word) && !RESERVED.includes(name)) return name;
  const words = subject.requirements.flatMap(({ key, values }) => (values.length === 1 ? values : [key.split('/').pop() ?? key]));
  const slug = words.join('-').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60);
  return `allow-${slug === '' ? '' : `${slug}-`}${createHash('sha256').update(subject.key).digest('hex').slice(0, 8)}`;
}

/** The name that a user gives to a policy. */
export function checkPolicyName(name: string): string {
  if (RESERVED.includes(name)) {
    throw new PolicyError({ given: name, problem: 'is a name that this library keeps for its own policies', instead: 'another name' });
  }
  return checkDnsSubdomain(name, 'policy name');
}
