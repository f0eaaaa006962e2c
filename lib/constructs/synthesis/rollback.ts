import { Cni } from '../../cluster/cni';
import { cniFact } from '../../cluster/cni-facts';
import { nodesOutOfReach } from '../../cluster/native-limits';
import { kubernetes } from '../../dialects';
import { Owner, OWNER_LABEL } from '../owner';
import { CONTACT_ANNOTATION, EXPIRES_AFTER_ANNOTATION, MANAGED_BY, MANAGED_BY_LABEL, REASON_ANNOTATION } from './annotations';
import { ClosedEndpoint } from './closed-endpoint';
import { inFormOf } from './cni-form';
import { opener } from './opener';
import { ROLLBACK_POLICY } from './policy-name';

/** How long a rollback by hand may stay before `netpol` reports it. */
const ROLLBACK_EXPIRES_AFTER = '24h';

/**
 * The line that opens a namespace again: it adds one object and edits none, so that nothing has to be looked up, and it works
 * where only kubectl is at hand.
 */
export function rollbackCommand(namespace: string, owner: Owner, closed: readonly ClosedEndpoint[], cni: Cni): string {
  const object = {
    apiVersion: kubernetes.API_VERSION,
    kind: kubernetes.KIND,
    metadata: {
      name: ROLLBACK_POLICY,
      namespace,
      labels: { [MANAGED_BY_LABEL]: MANAGED_BY, [OWNER_LABEL]: owner.team },
      annotations: {
        [CONTACT_ANNOTATION]: owner.contact,
        [REASON_ANNOTATION]: 'rollback of ENFORCE by hand',
        [EXPIRES_AFTER_ANNOTATION]: ROLLBACK_EXPIRES_AFTER,
      },
    },
    spec: kubernetes.writeNetworkPolicySpec(inFormOf(cni, opener(ROLLBACK_POLICY, namespace, closed))),
  };
  const json = JSON.stringify(object).replace(/'/g, '\\u0027');
  // printf, because echo reads backslashes in some shells.
  return `printf '%s' '${json}' | kubectl create -f -`;
}

/** What to do besides, in the words that the record of the namespace keeps. */
export function rollbackNotes(namespace: string, cni: Cni): Readonly<Record<string, string>> {
  const inGit = openerReachesAll(cni)
    ? 'set stage: RolloutStage.AUDIT'
    : 'set stage: RolloutStage.OBSERVE and delete the policies (kubectl delete networkpolicy -l app.kubernetes.io/managed-by=cdk8s-netpol)';
  return {
    ...(openerReachesAll(cni) ? {} : {
      'rollback-limits': `on ${cni.name} no NetworkPolicy reaches nodes or the API server: connections to them stay shut until the policies are deleted`,
    }),
    'rollback-check': `kubectl get networkpolicy ${ROLLBACK_POLICY} --namespace ${namespace}`,
    'rollback-in-git': `${inGit} on the DefaultDenyNamespace "${namespace}", merge and apply; then: kubectl delete networkpolicy ${ROLLBACK_POLICY} --namespace ${namespace}`,
    'rollback-with-argo-cd': 'an added object stays unless the Application prunes what it does not track; if it does: argocd app set APPLICATION --sync-policy none',
    'rollback-with-flux': 'an added object stays: Flux prunes only what it applied; to stop it from applying ENFORCE again: flux suspend kustomization NAME',
  };
}

/** Whether a native opener reaches nodes and the API server, which are entities where an ipBlock does not match them. */
export function openerReachesAll(cni: Cni): boolean {
  return !nodesOutOfReach(cni) || cniFact(cni, 'ipBlockMatchesNodes').value === true;
}
