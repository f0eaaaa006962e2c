import { createHash } from 'crypto';
import { ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { ClusterProfile } from '../../cluster/cluster-profile';
import { DomainPattern } from '../domain-pattern';
import { Owner, OWNER_LABEL } from '../owner';
import { CONTACT_ANNOTATION, MANAGED_BY, MANAGED_BY_LABEL } from '../synthesis/annotations';
import { deniedRanges } from './proxy-destinations';
import { squidAllowlist } from './squid-allowlist';
import { squidConf } from './squid-conf';

export const PROXY_NAME = 'egress-proxy';
export const PROXY_LABELS: Record<string, string> = { app: PROXY_NAME };
export const PROXY_PORT = 3128;

/** Squid 6.13 on Ubuntu 24.04, as Canonical publishes it for all architectures. */
const IMAGE = 'docker.io/ubuntu/squid@sha256:6a097f68bae708cedbabd6188d68c7e2e7a38cedd05a176e1cc0ba29e3bbe029';
/** The user `proxy` of Debian and Ubuntu. */
const USER = 13;
const CONFIG_DIR = '/etc/squid/netpol';
const SHUTDOWN_SECONDS = 10;

export interface ProxyDeployment {
  readonly namespace: string;
  readonly owner: Owner;
  /** What it lets through, as all constructs have said by now. */
  readonly patterns: () => readonly DomainPattern[];
  readonly replicas: number;
  readonly image?: string;
  readonly profile: ClusterProfile;
}

/** The objects of a Squid: configuration, Deployment, Service, disruption budget. */
export function deployProxy(scope: Construct, deployment: ProxyDeployment): void {
  const { namespace, owner, replicas } = deployment;
  const metadata = {
    name: PROXY_NAME,
    namespace,
    labels: { ...PROXY_LABELS, [MANAGED_BY_LABEL]: MANAGED_BY, [OWNER_LABEL]: owner.team },
    annotations: { [CONTACT_ANNOTATION]: owner.contact },
  };
  const hash = (): string => createHash('sha256').update(JSON.stringify(configuration(deployment))).digest('hex').slice(0, 16);
  new ApiObject(scope, 'config', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: Lazy.any({ produce: () => configuration(deployment) }) });
  new ApiObject(scope, 'deployment', { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: deploymentSpec(deployment, hash) });
  new ApiObject(scope, 'service', {
    apiVersion: 'v1', kind: 'Service', metadata,
    spec: { selector: PROXY_LABELS, ports: [{ name: 'proxy', port: PROXY_PORT, targetPort: 'proxy', protocol: 'TCP' }] },
  });
  new ApiObject(scope, 'disruption-budget', {
    apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata,
    spec: { minAvailable: replicas - 1, selector: { matchLabels: PROXY_LABELS } },
  });
}

/** The files that Squid reads. */
function configuration({ patterns, profile }: ProxyDeployment): Record<string, string> {
  const { domains, patterns: expressions } = squidAllowlist(patterns());
  const conf = squidConf({
    port: PROXY_PORT,
    deniedCidrs: deniedRanges(profile).map(String),
    shutdownLifetimeSeconds: SHUTDOWN_SECONDS,
    ...(domains === undefined ? {} : { allowedDomainsFile: `${CONFIG_DIR}/allowed-domains.txt` }),
    ...(expressions === undefined ? {} : { allowedPatternsFile: `${CONFIG_DIR}/allowed-patterns.txt` }),
  });
  return {
    'squid.conf': conf,
    ...(domains === undefined ? {} : { 'allowed-domains.txt': domains }),
    ...(expressions === undefined ? {} : { 'allowed-patterns.txt': expressions }),
  };
}

function deploymentSpec({ image, replicas }: ProxyDeployment, hash: () => string): unknown {
  const probe = { tcpSocket: { port: 'proxy' }, periodSeconds: 10 };
  const scratch = ['spool', 'run', 'tmp'];
  return {
    replicas,
    selector: { matchLabels: PROXY_LABELS },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    template: {
      metadata: { labels: PROXY_LABELS, annotations: { 'cdk8s-netpol/config': Lazy.any({ produce: hash }) } },
      spec: {
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        terminationGracePeriodSeconds: 3 * SHUTDOWN_SECONDS,
        securityContext: { runAsNonRoot: true, runAsUser: USER, runAsGroup: USER, fsGroup: USER, seccompProfile: { type: 'RuntimeDefault' } },
        topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: PROXY_LABELS } }],
        containers: [{
          name: 'squid',
          image: image ?? IMAGE,
          command: ['squid', '-N', '-f', `${CONFIG_DIR}/squid.conf`],
          ports: [{ name: 'proxy', containerPort: PROXY_PORT, protocol: 'TCP' }],
          readinessProbe: probe,
          livenessProbe: { ...probe, failureThreshold: 6 },
          resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
          volumeMounts: [
            { name: 'config', mountPath: CONFIG_DIR, readOnly: true },
            { name: 'spool', mountPath: '/var/spool/squid' },
            { name: 'run', mountPath: '/var/run/squid' },
            { name: 'tmp', mountPath: '/tmp' },
          ],
        }],
        volumes: [{ name: 'config', configMap: { name: PROXY_NAME } }, ...scratch.map((name) => ({ name, emptyDir: { sizeLimit: '64Mi' } }))],
      },
    },
  };
}
