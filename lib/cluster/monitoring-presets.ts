import { PodPreset } from './peer-spec';

const NAME = 'app.kubernetes.io/name';

/** Scrapers by the namespace and the pod labels that their charts and operators give them. */
export const MONITORING_PRESETS = {
  kubePrometheus: {
    name: 'kube-prometheus',
    title: 'kube-prometheus, kube-prometheus-stack, Prometheus Operator',
    namespaces: ['monitoring'],
    pods: [{ matchLabels: { [NAME]: 'prometheus' } }],
    source: 'https://github.com/prometheus-operator/kube-prometheus/blob/main/manifests/prometheus-prometheus.yaml',
  },
  kubePrometheusAgent: {
    name: 'kube-prometheus-agent',
    title: 'Prometheus Operator in agent mode',
    namespaces: ['monitoring'],
    pods: [{ matchLabels: { [NAME]: 'prometheus-agent' } }],
    source: 'https://github.com/prometheus-operator/prometheus-operator/blob/main/pkg/prometheus/agent/statefulset.go',
  },
  prometheusChart: {
    name: 'prometheus-chart',
    title: 'the chart prometheus-community/prometheus',
    namespaces: ['monitoring'],
    pods: [{ matchLabels: { [NAME]: 'prometheus', 'app.kubernetes.io/component': 'server' } }],
    source: 'https://github.com/prometheus-community/helm-charts/blob/main/charts/prometheus/templates/_helpers.tpl',
  },
  victoriaMetrics: {
    name: 'victoria-metrics',
    title: 'VMAgent of VictoriaMetrics, by operator or chart',
    namespaces: ['monitoring'],
    pods: [{ matchLabels: {}, matchExpressions: [{ key: NAME, operator: 'In', values: ['victoria-metrics-agent', 'vmagent'] }] }],
    source: 'https://github.com/VictoriaMetrics/helm-charts/tree/master/charts/victoria-metrics-agent',
  },
  alloy: {
    name: 'alloy',
    title: 'Grafana Alloy',
    namespaces: ['monitoring'],
    pods: [{ matchLabels: { [NAME]: 'alloy' } }],
    source: 'https://github.com/grafana/alloy/blob/main/operations/helm/charts/alloy/templates/_helpers.tpl',
  },
  openTelemetry: {
    name: 'open-telemetry',
    title: 'the OpenTelemetry Collector, by chart or operator',
    namespaces: ['observability'],
    pods: [
      { matchLabels: { [NAME]: 'opentelemetry-collector' } },
      { matchLabels: { 'app.kubernetes.io/managed-by': 'opentelemetry-operator' } },
    ],
    source: 'https://github.com/open-telemetry/opentelemetry-helm-charts/tree/main/charts/opentelemetry-collector',
  },
  datadog: {
    name: 'datadog',
    title: 'the Datadog Agent, by operator or chart',
    namespaces: ['datadog'],
    pods: [
      { matchLabels: { 'agent.datadoghq.com/component': 'agent' } },
      { matchLabels: { 'app.kubernetes.io/component': 'agent' } },
    ],
    source: 'https://github.com/DataDog/helm-charts/blob/main/charts/datadog/templates/daemonset.yaml',
    note: 'what applications push goes the other way, to host ports 8125, 8126 and 4317 of their node',
  },
  gmp: {
    name: 'gmp',
    title: 'Google Cloud Managed Service for Prometheus',
    namespaces: ['gmp-system', 'gke-gmp-system'],
    pods: [{ matchLabels: { [NAME]: 'collector' } }],
    source: 'https://github.com/GoogleCloudPlatform/prometheus-engine/blob/main/manifests/operator.yaml',
    note: 'GKE runs it in the one namespace or the other, by version',
  },
  openshift: {
    name: 'openshift',
    title: 'the platform and user workload Prometheus of OpenShift',
    namespaces: ['openshift-monitoring', 'openshift-user-workload-monitoring'],
    pods: [{ matchLabels: { [NAME]: 'prometheus' } }],
    source: 'https://github.com/openshift/cluster-monitoring-operator/tree/main/assets',
  },
} as const satisfies Record<string, PodPreset>;
