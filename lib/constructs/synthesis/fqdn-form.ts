import { Cni } from '../../cluster/cni';
import { servesApi } from '../../cluster/cni-facts';
import { isAtLeast } from '../../cluster/version';
import { DomainPattern, DomainReach } from '../domain-pattern';
import { ANTREA_FORM, AWS_APPLICATION_FORM, CILIUM_FORM, GKE_FQDN_FORM, NamespaceForm } from './policy-form';

/** How a CNI says domain names, and which patterns mean there what they mean here. */
export interface FqdnForm {
  readonly form: NamespaceForm;
  /** What each kind of pattern needs: nothing, a version, or it cannot be said. */
  readonly reaches: Readonly<Record<DomainReach, true | { readonly since: string } | false>>;
  /** Whether the CNI learns what a name resolves to from DNS answers that a rule of the same pods lets it read. */
  readonly readsDns: boolean;
  readonly source: string;
}

interface FqdnRow extends FqdnForm {
  readonly cni: string;
  /** What has to be set besides. */
  readonly setting?: readonly [name: string, value: string];
}

const ROWS: readonly FqdnRow[] = [
  {
    // `*` is one label and never the apex; before 1.19 `**` is read as `*`, which would close what was to be opened
    cni: 'cilium', form: CILIUM_FORM, reaches: { exact: true, oneLabel: true, anyDepth: { since: '1.19' } }, readsDns: true,
    source: 'https://docs.cilium.io/en/stable/security/policy/language/#dns-based',
  },
  {
    // `*.` is one label or more: what was to be one label would be any number
    cni: 'aws', form: AWS_APPLICATION_FORM, setting: ['autoMode', 'true'], reaches: { exact: true, oneLabel: false, anyDepth: true }, readsDns: false,
    source: 'https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html',
  },
  {
    // `*` takes dots too: what was to be one label would be any number
    cni: 'antrea', form: ANTREA_FORM, reaches: { exact: true, oneLabel: false, anyDepth: true }, readsDns: false,
    source: 'https://github.com/antrea-io/antrea/blob/main/docs/antrea-network-policy.md#fqdn-based-policy',
  },
  {
    // `*` takes no dot: two labels need a pattern of their own
    cni: 'gke-dpv2', form: GKE_FQDN_FORM, reaches: { exact: true, oneLabel: true, anyDepth: false }, readsDns: false,
    source: 'https://cloud.google.com/kubernetes-engine/docs/how-to/fqdn-network-policies',
  },
];

/** The form in which a cluster allows domain names, or undefined where its CNI knows none. */
export function fqdnForm(cni: Cni): FqdnForm | undefined {
  return ROWS.find(({ cni: name, form, setting }) => (
    name === cni.name && (setting === undefined || cni.settings[setting[0]] === setting[1]) && servesApi(cni, form.apiVersion, form.kind) === true
  ));
}

/** Why a CNI cannot say a pattern, as words that follow the pattern; undefined where it can. */
export function cannotReach({ reaches }: FqdnForm, pattern: DomainPattern, cni: Cni): string | undefined {
  const reach = reaches[pattern.reach];
  if (reach === true) return undefined;
  if (reach === false) return `cannot be said on ${cni.name}: it has no pattern for ${WORDS[pattern.reach]}`;
  const reached = isAtLeast(cni.version, reach.since);
  if (reached === true) return undefined;
  return `is a pattern for ${WORDS[pattern.reach]}, which ${cni.name} knows since ${reach.since}${reached === 'depends' ? ', and the ClusterProfile says no version' : ''}`;
}

const WORDS: Readonly<Record<DomainReach, string>> = { exact: 'one name', oneLabel: 'one label in front of a name', anyDepth: 'any number of labels in front of a name' };
