import { brand } from './brand';
import { checkLabels, checkNamespace, checkOptions } from './field-checks';
import { MONITORING_PRESETS } from './monitoring-presets';
import { PeerSpec, peersOf, PodPreset } from './peer-spec';

/** Where a scraper runs. */
export interface ScraperOptions {
  /**
   * Namespace of the scraper.
   * @default - the one that its chart or its documentation uses: "monitoring", "observability" for OpenTelemetry, "datadog" for Datadog
   */
  readonly namespace?: string;
}

/** Where Prometheus of the Prometheus Operator runs, and how. */
export interface KubePrometheusOptions {
  /**
   * Namespace of Prometheus.
   * @default "monitoring"
   */
  readonly namespace?: string;

  /**
   * It runs as PrometheusAgent, whose pods have the name `prometheus-agent`.
   * @default false
   */
  readonly agentMode?: boolean;
}

/** A scraper of one's own. */
export interface CustomScraperOptions {
  /** Namespace of the scraper. */
  readonly namespace: string;

  /** Labels of its pods, at least one. */
  readonly labels: Record<string, string>;
}

/**
 * Who scrapes metrics: the pods that `AllowFromMonitoring` lets in. Scrapers in the network of their host cannot be selected.
 *
 * ```ts
 * ClusterProfile.attach(app, { name: 'prod', cni: Cni.cilium(), monitoring: Monitoring.kubePrometheus() });
 * ```
 * ```yaml
 * from:
 *   - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: monitoring } }
 *     podSelector: { matchLabels: { app.kubernetes.io/name: prometheus } }
 * ```
 */
export class Monitoring {
  /**
   * kube-prometheus, kube-prometheus-stack or a Prometheus of the Prometheus Operator.
   * @throws if `namespace` is not a namespace name
   * @see https://github.com/prometheus-operator/kube-prometheus
   */
  public static kubePrometheus(options: KubePrometheusOptions = {}): Monitoring {
    const { agentMode = false, namespace } = checkOptions<KubePrometheusOptions>('Monitoring.kubePrometheus', options, { namespace: 'value', agentMode: 'flag' });
    return Monitoring.preset(agentMode ? MONITORING_PRESETS.kubePrometheusAgent : MONITORING_PRESETS.kubePrometheus, { namespace });
  }

  /**
   * The server of the chart prometheus-community/prometheus.
   * @throws if `namespace` is not a namespace name
   * @see https://github.com/prometheus-community/helm-charts/tree/main/charts/prometheus
   */
  public static prometheusChart(options: ScraperOptions = {}): Monitoring {
    return Monitoring.preset(MONITORING_PRESETS.prometheusChart, options);
  }

  /**
   * VMAgent of VictoriaMetrics, from its operator or its chart.
   * @throws if `namespace` is not a namespace name
   * @see https://github.com/VictoriaMetrics/helm-charts
   */
  public static victoriaMetrics(options: ScraperOptions = {}): Monitoring {
    return Monitoring.preset(MONITORING_PRESETS.victoriaMetrics, options);
  }

  /**
   * Grafana Alloy.
   * @throws if `namespace` is not a namespace name
   * @see https://github.com/grafana/alloy
   */
  public static alloy(options: ScraperOptions = {}): Monitoring {
    return Monitoring.preset(MONITORING_PRESETS.alloy, options);
  }

  /**
   * The OpenTelemetry Collector, from its chart or its operator, in "observability" by default.
   * @throws if `namespace` is not a namespace name
   * @see https://github.com/open-telemetry/opentelemetry-helm-charts
   */
  public static openTelemetry(options: ScraperOptions = {}): Monitoring {
    return Monitoring.preset(MONITORING_PRESETS.openTelemetry, options);
  }

  /**
   * The Datadog Agent, from its operator or its chart, in "datadog" by default. This is about checks that the agent runs
   * against pods; what applications push to the agent on their node is egress of the applications.
   * @throws if `namespace` is not a namespace name
   * @see https://github.com/DataDog/helm-charts
   */
  public static datadog(options: ScraperOptions = {}): Monitoring {
    return Monitoring.preset(MONITORING_PRESETS.datadog, options);
  }

  /**
   * Google Cloud Managed Service for Prometheus: its collectors in gmp-system and gke-gmp-system.
   * @see https://cloud.google.com/stackdriver/docs/managed-prometheus
   */
  public static gmp(): Monitoring {
    return Monitoring.preset(MONITORING_PRESETS.gmp, {});
  }

  /**
   * The platform and the user workload monitoring of OpenShift.
   * @see https://docs.redhat.com/en/documentation/monitoring_stack_for_red_hat_openshift/
   */
  public static openshift(): Monitoring {
    return Monitoring.preset(MONITORING_PRESETS.openshift, {});
  }

  /**
   * Any other scraper.
   * @throws if `namespace` is not a namespace name, or `labels` are empty or invalid
   */
  public static custom(options: CustomScraperOptions): Monitoring {
    checkOptions('Monitoring.custom', options, { namespace: 'value', labels: 'value' });
    return new Monitoring('custom', [{
      kind: 'pods',
      namespace: checkNamespace('monitoring.namespace', options.namespace),
      matchLabels: checkLabels('monitoring.labels', options.labels),
    }]);
  }

  private static preset(preset: PodPreset, options: ScraperOptions): Monitoring {
    const { namespace } = checkOptions(`Monitoring, ${preset.title}`, options, { namespace: 'value' });
    return new Monitoring(preset.name, peersOf(preset, namespace === undefined ? undefined : checkNamespace('monitoring.namespace', namespace)));
  }

  /** Which scraper it is: `kube-prometheus`, `victoria-metrics`, `datadog`, `custom`, ... */
  public readonly name: string;

  /** @internal */
  public readonly _peers: readonly PeerSpec[];

  private constructor(name: string, peers: readonly PeerSpec[]) {
    this.name = name;
    this._peers = peers;
    brand(this, 'Monitoring');
  }
}
