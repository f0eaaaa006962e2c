/** Labels and annotations of the objects that are emitted; the prefix is a contract with `netpol` and with users' queries. */
export const MANAGED_BY_LABEL = 'app.kubernetes.io/managed-by';
export const MANAGED_BY = 'cdk8s-netpol';

export const CONTACT_ANNOTATION = 'cdk8s-netpol/contact';
export const STAGE_ANNOTATION = 'cdk8s-netpol/stage';
export const ROLLBACK_ANNOTATION = 'cdk8s-netpol/rollback';
export const REASON_ANNOTATION = 'cdk8s-netpol/reason';
/** How long after its creation an object is to be removed: `24h`. */
export const EXPIRES_AFTER_ANNOTATION = 'cdk8s-netpol/expires-after';

/** Argo CD applies lower waves first; plain kubectl goes by the order in the file, which is the same. */
export const SYNC_WAVE_ANNOTATION = 'argocd.argoproj.io/sync-wave';

/** Argo CD, Flux and Helm each have their own way to say that an object is never deleted. */
export const KEEP_ANNOTATIONS: Readonly<Record<string, string>> = {
  'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
  'kustomize.toolkit.fluxcd.io/prune': 'disabled',
  'helm.sh/resource-policy': 'keep',
};
