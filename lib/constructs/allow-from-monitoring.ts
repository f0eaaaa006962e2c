import { Construct } from 'constructs';
import { isBranded } from '../cluster/brand';
import { ClusterProfile } from '../cluster/cluster-profile';
import { Monitoring } from '../cluster/monitoring';
import { checkDnsLabel, checkFields, PolicyError } from '../policy';
import { AllowPodsProps } from './allow-props';
import { Pods } from './pods';
import { ALLOW_PODS_FIELDS } from './synthesis/allow-fields';
import { open } from './synthesis/connect';
import { Estate, managedNamespaceAbove, onManagedAnywhere } from './synthesis/estate';
import { podSetsOf, peerOf } from './synthesis/peer-spec';
import { enter, inConstruct } from './synthesis/placement';

/** Which scraper may read the metrics of which pods. */
export interface AllowFromMonitoringProps extends AllowPodsProps {
  /**
   * The scraper.
   * @default - the `monitoring` of the `ClusterProfile`, else kube-prometheus in the namespace `monitoring`
   */
  readonly from?: Monitoring;

  /**
   * The pods whose metrics are read.
   * @default - every pod of the namespace
   */
  readonly to?: Pods;
}

/**
 * The monitoring of the cluster may read metrics. In a `DefaultDenyNamespace` it is about that namespace; on a Chart or an App
 * it is about every `DefaultDenyNamespace` below, also those that are built later. Where the app owns the namespace of the
 * scraper, the scraper may also leave it.
 *
 * The port is the container's: the `port` of a ServiceMonitor is the name of a Service port, the policy needs its target port.
 *
 * ```ts
 * new AllowFromMonitoring(payments, 'metrics', { ports: [Port.named('metrics')] });
 * ```
 * ```yaml
 * metadata: { name: allow-namespace-wide, namespace: pay }
 * spec:
 *   podSelector: {}
 *   policyTypes: [Ingress]
 *   ingress:
 *     - from:
 *         - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: monitoring } }
 *           podSelector: { matchLabels: { app.kubernetes.io/name: prometheus } }
 *       ports: [{ port: metrics, protocol: TCP }]
 * ```
 * @see https://prometheus-operator.dev/docs/developer/getting-started/
 */
export class AllowFromMonitoring extends Construct {
  private governs = 0;

  /**
   * Lets the monitoring read metrics.
   * @param scope the namespace, or a Chart or App for every namespace below
   * @param id the id of the construct
   * @param props who, of whom, on which ports
   */
  public constructor(scope: Construct, id: string, props: AllowFromMonitoringProps) {
    super(scope, id);
    const estate = enter(this);
    inConstruct(this, () => {
      checkFields<AllowFromMonitoringProps>(props, { ...ALLOW_PODS_FIELDS, from: 'value', to: 'value' });
      if (props.from !== undefined && !isBranded(props.from, 'Monitoring')) {
        throw new PolicyError({ given: props.from?.name ?? props.from, where: 'from', problem: 'is no monitoring', instead: 'Monitoring.kubePrometheus() or another, or nothing for that of the ClusterProfile' });
      }
      const own = props.namespace === undefined ? managedNamespaceAbove(this)?.namespaceName : checkDnsLabel(props.namespace, 'namespace name');
      if (own !== undefined) {
        this.allow(own, estate, props.from ?? ClusterProfile.of(this).monitoring, props);
        return;
      }
      this.node.addValidation({
        validate: () => (this.governs > 0 ? [] : ['there is no DefaultDenyNamespace below its scope, so that it does nothing. Instead: the prop "namespace", or a scope with namespaces']),
      });
      onManagedAnywhere(this.node.root, (namespace, of) => {
        if (scope.node.scopes.every((each) => namespace.node.scopes.includes(each))) {
          inConstruct(this, () => this.allow(namespace.namespaceName, of, props.from ?? ClusterProfile.of(namespace).monitoring, props));
        }
      });
    });
  }

  private allow(namespace: string, estate: Estate, from: Monitoring | undefined, { ports, to, policyName, reciprocal }: AllowFromMonitoringProps): void {
    this.governs++;
    const peers = (from ?? Monitoring.kubePrometheus())._peers.map(peerOf);
    open({
      by: this, namespace, estate, direction: 'ingress', subject: to ?? Pods.all(), peers, ports, policyName,
      mirrors: reciprocal === false ? [] : podSetsOf(peers),
    });
  }
}
