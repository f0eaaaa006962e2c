import { App, Chart } from 'cdk8s';
import { AdmissionGuardrails, AdmissionGuardrailsProps, ClusterProfile, Cni, Requester } from 'cdk8s-netpol';
import { Answer, expectDone, KubernetesObject } from './client';
import { admin, clear, until } from './cluster';

export const ARGO_CD = 'system:serviceaccount:argocd:argocd-application-controller';

/** Who asks the server in these tests. */
export const argoCd = admin.as(ARGO_CD, 'system:serviceaccounts', 'system:serviceaccounts:argocd', 'system:authenticated');
export const pipeline = admin.as('ci-17', 'oidc:ci', 'system:authenticated');
export const developer = admin.as('oidc:dev@example.com', 'oidc:payments-readers', 'system:authenticated');
export const ownerOfPay = admin.as('oidc:own@example.com', 'oidc:payments', 'system:authenticated');
export const ownerOfShop = admin.as('oidc:web@example.com', 'oidc:web', 'system:authenticated');
export const onCall = admin.as('oidc:night@example.com', 'oidc:on-call', 'system:authenticated');
export const nobody = admin.as('system:anonymous', 'system:unauthenticated');

export const PROPS: AdmissionGuardrailsProps = {
  deployers: [Requester.serviceAccount('argocd', 'argocd-application-controller'), Requester.group('oidc:ci')],
  ownerGroup: 'oidc:{team}',
  rollbackGroup: 'oidc:on-call',
  exemptions: [{ namespace: 'legacy', reason: 'its chart opens all ports until it goes' }],
};

export function guardrailObjects(cni: Cni, props = PROPS): KubernetesObject[] {
  const app = new App();
  ClusterProfile.attach(app, { name: 'test', cni });
  const chart = new Chart(app, 'cluster');
  new AdmissionGuardrails(chart, 'guardrails', props);
  return chart.toJson() as KubernetesObject[];
}

let sentinels = 0;

/**
 * Applies objects, and waits until the server goes by them: what is applied after all the others is in force only when they are,
 * because the server reads policies and bindings in their order.
 */
export async function inForce(objects: readonly KubernetesObject[], by = admin): Promise<void> {
  const name = `test-sentinel-${process.pid}-${++sentinels}`;
  const sentinel: KubernetesObject[] = [{
    apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingAdmissionPolicy', metadata: { name },
    spec: {
      matchConstraints: { resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }] },
      matchConditions: [{ name: 'sentinel', expression: `object.metadata.name == "${name}"` }],
      validations: [{ expression: 'false', message: 'in force' }],
    },
  }, { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingAdmissionPolicyBinding', metadata: { name }, spec: { policyName: name, validationActions: ['Deny'] } }];
  for (const object of [...objects, ...sentinel]) expectDone(await by.apply(object));
  const probe: KubernetesObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } };
  await until('the policies are in force', async () => (await admin.create(probe, '&dryRun=All')).status !== 201);
  await clear([...sentinel].reverse());
}

/** Takes policies away, and waits until the server has noticed. */
export async function noLongerInForce(objects: readonly KubernetesObject[]): Promise<void> {
  await clear([...objects].reverse());
  await inForce([]);
}

/** Which guardrail refused a request; an answer that nobody refused is named too. */
export function refusal({ status, message }: Answer): string {
  return /ValidatingAdmissionPolicy '(?:cdk8s-netpol-)?([^']+)'.* denied request: /.exec(message)?.[1] ?? `${status}${status >= 400 ? ` ${message}` : ''}`;
}

/** The words of a refusal. */
export function words({ message }: Answer): string {
  return message.split(' denied request: ')[1] ?? message;
}

export interface Said {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly [field: string]: unknown;
}

export const OWNED = { 'cdk8s-netpol/owner': 'payments' };
export const MANAGED = { ...OWNED, 'app.kubernetes.io/managed-by': 'cdk8s-netpol' };

/** A policy by hand, with an owner, in `pay`. */
export function policy(spec: unknown, said: Said = {}): KubernetesObject {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'web', namespace: 'pay', labels: OWNED, ...said }, spec };
}

/** A policy in a kind of the CNI. */
export function ownKind(apiVersion: string, kind: string, spec: unknown, said: Said = {}): KubernetesObject {
  const clusterWide = /^(Global|Cluster|CiliumClusterwide)/.test(kind);
  return { apiVersion, kind, metadata: { name: 'web', ...(clusterWide ? {} : { namespace: 'pay' }), labels: OWNED, ...said }, spec };
}
