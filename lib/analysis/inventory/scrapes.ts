import { Labels, locate, Origin, Selector } from '../../policy';
import { Document } from './documents';
import { Scrape, Scraper, ScrapePort } from './inventory';
import { Json, labelsAt, listAt, objectAt, portNumberAt, textAt } from './json';
import { readTarget } from './services';
import { podMetadataOf } from './workloads';

/** An object that asks for metrics to be read: what it selects, and the field of its list of ports. */
interface MonitorKind {
  readonly group: string;
  readonly kind: string;
  readonly of: Scrape['of'];
  readonly endpoints: string;
}

const MONITORS: readonly MonitorKind[] = [
  // https://prometheus-operator.dev/docs/api-reference/api/
  { group: 'monitoring.coreos.com', kind: 'ServiceMonitor', of: 'services', endpoints: 'endpoints' },
  { group: 'monitoring.coreos.com', kind: 'PodMonitor', of: 'pods', endpoints: 'podMetricsEndpoints' },
  // https://docs.victoriametrics.com/operator/api/
  { group: 'operator.victoriametrics.com', kind: 'VMServiceScrape', of: 'services', endpoints: 'endpoints' },
  { group: 'operator.victoriametrics.com', kind: 'VMPodScrape', of: 'pods', endpoints: 'podMetricsEndpoints' },
];

/** An object for which an operator makes the pods that read metrics, and the labels that it gives them. */
interface ScraperKind {
  readonly group: string;
  readonly kind: string;
  readonly labels: (name: string) => Labels;
}

const prometheus = (app: string) => (name: string): Labels => ({
  'app.kubernetes.io/name': app, 'app.kubernetes.io/managed-by': 'prometheus-operator', 'app.kubernetes.io/instance': name, 'operator.prometheus.io/name': name,
});

const SCRAPERS: readonly ScraperKind[] = [
  // https://github.com/prometheus-operator/prometheus-operator/blob/main/pkg/prometheus/server/statefulset.go
  { group: 'monitoring.coreos.com', kind: 'Prometheus', labels: (name) => ({ ...prometheus('prometheus')(name), prometheus: name }) },
  { group: 'monitoring.coreos.com', kind: 'PrometheusAgent', labels: prometheus('prometheus-agent') },
  {
    // https://github.com/VictoriaMetrics/operator/blob/master/api/operator/v1beta1/vmagent_types.go
    group: 'operator.victoriametrics.com', kind: 'VMAgent',
    labels: (name) => ({ 'app.kubernetes.io/name': 'vmagent', 'app.kubernetes.io/instance': name, 'app.kubernetes.io/component': 'monitoring', 'managed-by': 'vm-operator' }),
  },
];

/** The annotations that the usual configuration of Prometheus looks for. https://github.com/prometheus/prometheus/blob/main/documentation/examples/prometheus-kubernetes.yml */
const SCRAPE = 'prometheus.io/scrape';
const PORT = 'prometheus.io/port';

/** What one object says about metrics. */
export interface Monitoring {
  readonly scrape?: Scrape;
  readonly scraper?: Scraper;
}

/** What reads metrics, or asks for them to be read; undefined for an object that does not. */
export function readMonitoring(document: Document, namespace: string, name: string): Monitoring | undefined {
  const { json, group, kind, origin } = document;
  const monitor = MONITORS.find((row) => row.group === group && row.kind === kind);
  if (monitor !== undefined) return { scrape: readMonitor(monitor, json, namespace, name, origin) };
  const scraper = SCRAPERS.find((row) => row.group === group && row.kind === kind);
  return scraper === undefined ? undefined : { scraper: readScraper(scraper, json, namespace, name, origin) };
}

function readMonitor({ kind, of, endpoints }: MonitorKind, json: Json, namespace: string, name: string, origin: Origin | undefined): Scrape {
  const spec = objectAt(json.spec, 'spec');
  const { any, matchNames } = objectAt(spec.namespaceSelector, 'spec.namespaceSelector');
  const names = listAt(matchNames, 'spec.namespaceSelector.matchNames').flatMap((value, index) => textAt(value, `spec.namespaceSelector.matchNames[${index}]`) ?? []);
  return {
    kind, namespace, name, of,
    namespaces: any === true ? 'all' : names.length > 0 ? names : [namespace],
    selector: locate('spec.selector', () => Selector.of(objectAt(spec.selector, 'spec.selector'))),
    ports: listAt(spec[endpoints], `spec.${endpoints}`).flatMap((value, index) => readPort(objectAt(value, `spec.${endpoints}[${index}]`), `spec.${endpoints}[${index}]`, of)),
    ...(origin === undefined ? {} : { origin }),
  };
}

/** A Service port by its name, or a container port by name or number. */
function readPort({ port, portNumber, targetPort }: Json, path: string, of: Scrape['of']): readonly ScrapePort[] {
  const named = textAt(port, `${path}.port`);
  if (named !== undefined) return [{ of: of === 'services' ? 'service' : 'container', port: named }];
  const target = portNumber === undefined ? readTarget(targetPort, `${path}.targetPort`) : portNumberAt(portNumber, `${path}.portNumber`);
  return target === undefined ? [] : [{ of: 'container', port: target }];
}

function readScraper({ kind, labels }: ScraperKind, json: Json, namespace: string, name: string, origin: Origin | undefined): Scraper {
  const spec = objectAt(json.spec, 'spec');
  const own = labelsAt(objectAt(spec.podMetadata, 'spec.podMetadata').labels, 'spec.podMetadata.labels');
  return { kind, namespace, name, labels: { ...own, ...labels(name) }, hostNetwork: spec.hostNetwork === true, ...(origin === undefined ? {} : { origin }) };
}

/** What annotations of pods, or of a Service, ask for. Without a number nobody knows which of the ports has metrics. */
export function readAnnotations({ json, kind, origin }: Document, namespace: string, name: string): Monitoring | undefined {
  const isService = kind === 'Service';
  const { annotations, labels } = isService
    ? { annotations: objectAt(json.metadata, 'metadata').annotations, labels: objectAt(json.spec, 'spec').selector } : podMetadataOf(json);
  const { [SCRAPE]: wanted, [PORT]: port } = labelsAt(annotations, 'metadata.annotations');
  if (wanted !== 'true' || port === undefined || !/^\d+$/.test(port)) return undefined;
  const selected = labelsAt(labels, isService ? 'spec.selector' : 'metadata.labels');
  if (Object.keys(selected).length === 0) return undefined;
  const scrape: Scrape = {
    kind, namespace, name, of: 'pods', namespaces: [namespace], selector: Selector.labels(selected),
    ports: [{ of: 'container', port: portNumberAt(Number(port), `metadata.annotations.${PORT}`) }],
    ...(origin === undefined ? {} : { origin }),
  };
  return { scrape };
}
