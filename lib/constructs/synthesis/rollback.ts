import { Cni } from '../../cluster/cni';
import { ROLLBACK_POLICY } from '../../policy';
import { Owner, OWNER_LABEL } from '../owner';
import { CONTACT_ANNOTATION, EXPIRES_AFTER_ANNOTATION, MANAGED_BY, MANAGED_BY_LABEL, REASON_ANNOTATION } from './annotations';
import { ClosedEndpoint } from './closed-endpoint';
import { inFormOf } from './cni-form';
import { opener } from './opener';
import { NATIVE_OPENER, openerForm } from './opener-form';

/** How long a rollback by hand may stay before `netpol` reports it. */
const ROLLBACK_EXPIRES_AFTER = '24h';

/**
 * The line that opens a namespace again: it adds one object and edits none, so that nothing has to be looked up, and it works
 * where only kubectl is at hand.
 */
export function rollbackCommand(namespace: string, owner: Owner, closed: readonly ClosedEndpoint[], cni: Cni): string {
  const form = openerForm(cni) ?? NATIVE_OPENER;
  const object = {
    apiVersion: form.apiVersion,
    kind: form.kind,
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
    spec: form.write(inFormOf(cni, opener(ROLLBACK_POLICY, namespace, closed, form))),
  };
  const json = JSON.stringify(object).replace(/'/g, '\\u0027');
  // printf, because echo reads backslashes in some shells.
  return `printf '%s' '${json}' | kubectl create -f -`;
}

/** What to do besides, in the words that the record of the namespace keeps. */
export function rollbackNotes(namespace: string, cni: Cni): Readonly<Record<string, string>> {
  const reachesAll = openerForm(cni) !== undefined;
  const kind = (openerForm(cni) ?? NATIVE_OPENER).kind.toLowerCase();
  const inGit = reachesAll
    ? 'set stage: RolloutStage.AUDIT'
    : 'set stage: RolloutStage.OBSERVE and delete the policies (kubectl delete networkpolicy -l app.kubernetes.io/managed-by=cdk8s-netpol)';
  return {
    ...(reachesAll ? {} : {
      'rollback-limits': `on ${cni.name} no NetworkPolicy reaches nodes or the API server: connections to them stay shut until the policies are deleted`,
    }),
    'rollback-check': `kubectl get ${kind} ${ROLLBACK_POLICY} --namespace ${namespace}`,
    'rollback-in-git': `${inGit} on the DefaultDenyNamespace "${namespace}", merge and apply; then: kubectl delete ${kind} ${ROLLBACK_POLICY} --namespace ${namespace}`,
    'rollback-with-argo-cd': 'an added object stays unless the Application prunes what it does not track; if it does: argocd app set APPLICATION --sync-policy none',
    'rollback-with-flux': 'an added object stays: Flux prunes only what it applied; to stop it from applying ENFORCE again: flux suspend kustomization NAME',
  };
}
