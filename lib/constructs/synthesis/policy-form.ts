import { Cni } from '../../cluster/cni';
import { servesApi } from '../../cluster/cni-facts';
import { nodesOutOfReach } from '../../cluster/native-limits';
import { cilium, kubernetes } from '../../dialects';
import { CILIUM_TIER, NETWORK_POLICY_TIER, Policy, Tier } from '../../policy';

/** An API in which a policy of ours is written, and read back to prove it. */
export interface PolicyForm {
  readonly apiVersion: string;
  readonly kind: string;
  readonly tier: Tier;
  /** Whether nodes and the API server have to be named as entities, because no address matches them. */
  readonly namesEntities: boolean;
  write(policy: Policy): unknown;
  read(document: unknown): { readonly policies: readonly Policy[]; readonly issues: readonly unknown[] };
}

export const NATIVE_FORM: PolicyForm = {
  apiVersion: kubernetes.API_VERSION,
  kind: kubernetes.KIND,
  tier: NETWORK_POLICY_TIER,
  namesEntities: false,
  write: kubernetes.writeNetworkPolicySpec,
  read: (document) => {
    const { policy, issues } = kubernetes.readNetworkPolicy(document);
    return { policies: [policy], issues };
  },
};

const CILIUM_FORM: PolicyForm = {
  apiVersion: cilium.API_VERSION,
  kind: cilium.KIND,
  tier: CILIUM_TIER,
  namesEntities: true,
  write: (policy) => cilium.writeCiliumPolicy(policy).spec,
  read: cilium.readCiliumNetworkPolicy,
};

/**
 * The form in which a whole namespace can be opened: the native one, but where a NetworkPolicy reaches neither nodes nor the API
 * server and the CNI has a kind of its own that does. Undefined where neither can.
 */
export function openerForm(cni: Cni): PolicyForm | undefined {
  if (!nodesOutOfReach(cni)) return NATIVE_FORM;
  return servesApi(cni, cilium.API_VERSION, cilium.KIND) === true ? CILIUM_FORM : undefined;
}
