import { ApiObject, App, Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { Analysis, endpointText, explanationText, InventoryError, portsText, profileOf, readInventory } from '../analysis';
import { ClusterProfile } from '../cluster/cluster-profile';
import { Cni } from '../cluster/cni';
import { duringSynth } from '../constructs/synthesis/synth-window';
import { POLICY_READERS } from '../dialects';
import { Cidr, locate, Origin, PolicyError, Port } from '../policy';
import { ConnectivityOptions, ConnectivityRow } from './connectivity-options';
import { StagedPolicies } from './staged-policies';
import { Verdict } from './verdict';

interface Source {
  readonly object: unknown;
  readonly origin: Origin;
}

/**
 * What can talk to what, as the manifests of an app say it: unit tests of policies, without a cluster.
 *
 * Ends are `NAMESPACE/NAME` of a workload or pod, `svc/NAMESPACE/NAME`, an IP address or CIDR, or an entity in braces. A replicated
 * workload to itself means one of its pods to another one.
 *
 * ```ts
 * const connectivity = Connectivity.fromApp(app, { inventory: [webDeployment, apiDeployment] });
 * connectivity.assertAllowed('shop/web', 'pay/api', Port.tcp(8080));
 * connectivity.assertDenied('shop/web', 'pay/api', Port.tcp(22));
 * ```
 */
export class Connectivity {
  /**
   * The connectivity of an app whose charts are for one cluster.
   * @param app the app; it must be valid
   * @param options what runs beside it, and the CNI
   */
  public static fromApp(app: App, options: ConnectivityOptions = {}): Connectivity {
    const [profile, ...others] = [...new Set(app.charts.map((chart) => ClusterProfile.of(chart)))];
    if (others.length > 0) {
      throw new PolicyError({
        given: [profile, ...others].map((each) => each?.name), problem: 'are several clusters in one app',
        instead: 'Connectivity.fromChart for each chart',
      });
    }
    return new Connectivity(duringSynth(app, () => app.charts.flatMap(sourcesOf)), profile ?? ClusterProfile.of(app), options);
  }

  /**
   * The connectivity of one chart.
   * @param chart the chart; its app must be valid
   * @param options what runs beside it, and the CNI
   */
  public static fromChart(chart: Chart, options: ConnectivityOptions = {}): Connectivity {
    return new Connectivity(duringSynth(chart.node.root, () => sourcesOf(chart)), ClusterProfile.of(chart), options);
  }

  /**
   * The connectivity of manifests from anywhere.
   * @param manifests parsed manifests: policies, workloads, Namespaces, Nodes, Services, routes; Lists are opened
   * @param options the CNI
   */
  public static fromManifests(manifests: unknown[], options: ConnectivityOptions = {}): Connectivity {
    if (!Array.isArray(manifests)) throw new PolicyError({ given: manifests, problem: 'are no manifests', instead: 'a list of parsed objects' });
    return new Connectivity(manifests.map((object: unknown, index) => ({ object, origin: { path: `manifests[${index}]` } })), undefined, options);
  }

  private readonly analysis: Analysis;

  private constructor(sources: readonly Source[], profile: ClusterProfile | undefined, options: ConnectivityOptions) {
    const cni = options.cni ?? profile?.cni ?? Cni.generic();
    const inventory = (options.inventory ?? []).map((object: unknown, index) => ({ object, origin: { path: `inventory[${index}]` } }));
    const parse = (cidrs: readonly string[], where: string): Cidr[] => cidrs.map((cidr, index) => locate(`${where}[${index}]`, () => Cidr.parse(cidr)));
    const evaluation = profileOf(cni.name, {
      ...(cni.version === undefined ? {} : { version: cni.version }),
      settings: cni.settings,
      podCidrs: parse(options.podCidrs ?? profile?.podCidrs ?? [], 'podCidrs'),
      nodeCidrs: parse(options.nodeCidrs ?? profile?.nodeCidrs ?? [], 'nodeCidrs'),
      staged: checkStaged(options.staged ?? StagedPolicies.IGNORED),
    });
    const read = readInventory([...sources, ...inventory], { readers: POLICY_READERS });
    // A misspelt field is dropped by some readers, and what is left says something else.
    const unknown = read.issues.filter(({ code }) => code === 'unknown-field');
    if (unknown.length > 0) throw new InventoryError(unknown);
    this.analysis = new Analysis(read, evaluation);
  }

  /**
   * Whether a connection may be opened.
   * @param source the end that opens it
   * @param destination the end that accepts it
   * @param port one port; the name of a container port is not one
   * @throws where the answer is neither yes nor no; the message is that of `explain`
   */
  public allows(source: string, destination: string, port: Port): boolean {
    const verdict = this.verdict(source, destination, port);
    if (verdict === Verdict.DEPENDS) throw new Error(this.explain(source, destination, port));
    return verdict === Verdict.ALLOWED;
  }

  /**
   * The answer with its three values.
   * @param source the end that opens it
   * @param destination the end that accepts it
   * @param port one port
   */
  public verdict(source: string, destination: string, port: Port): Verdict {
    return this.analysis.allows(source, destination, onePort(port)).verdict as Verdict;
  }

  /**
   * Fails, with the explanation, unless the connection may be opened for certain.
   * @param source the end that opens it
   * @param destination the end that accepts it
   * @param port one port
   */
  public assertAllowed(source: string, destination: string, port: Port): void {
    if (this.verdict(source, destination, port) !== Verdict.ALLOWED) throw new Error(`expected to be allowed:\n${this.explain(source, destination, port)}`);
  }

  /**
   * Fails, with the explanation, unless the connection is denied for certain.
   * @param source the end that opens it
   * @param destination the end that accepts it
   * @param port one port
   */
  public assertDenied(source: string, destination: string, port: Port): void {
    if (this.verdict(source, destination, port) !== Verdict.DENIED) throw new Error(`expected to be denied:\n${this.explain(source, destination, port)}`);
  }

  /**
   * Why a connection may or may not be opened: the rules behind it in both directions, with the construct or place that wrote them.
   * @param source the end that opens it
   * @param destination the end that accepts it
   * @param port one port
   */
  public explain(source: string, destination: string, port: Port): string {
    return explanationText(this.analysis.explain(source, destination, onePort(port)));
  }

  /** Every connection that may be opened, or may be under conditions. */
  public list(): ConnectivityRow[] {
    return this.analysis.connections().map(({ source, destination, ports, conditions }) => ({
      source: endpointText(source),
      destination: endpointText(destination),
      ports: portsText(ports),
      conditions: conditions.map(({ kind, at, why }) => `${kind}: ${why}${at === '' ? '' : ` (${at})`}`),
    }));
  }
}

/** The objects of a chart with their construct paths, in the order of the manifest; the app is validated. */
function sourcesOf(chart: Chart): Source[] {
  const rendered = chart.toJson() as unknown[];
  const paths = new Map<string, string>();
  const objects = chart.node.findAll().filter((each: IConstruct): each is ApiObject => ApiObject.isApiObject(each));
  for (const { kind, name, metadata, node } of objects) {
    paths.set(`${kind} ${metadata.namespace ?? ''}/${name}`, node.path);
    // an object of the cluster loses the namespace of its chart when it is written
    if (!paths.has(`${kind} /${name}`)) paths.set(`${kind} /${name}`, node.path);
  }
  return rendered.map((object) => {
    const { kind, metadata } = object as { kind: string; metadata?: { name?: string; namespace?: string } };
    const path = paths.get(`${kind} ${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`) ?? chart.node.path;
    return { object, origin: { path } };
  });
}

/** Plain JavaScript may bring any word. */
function checkStaged(given: StagedPolicies): StagedPolicies {
  if (Object.values(StagedPolicies).includes(given)) return given;
  throw new PolicyError({ given, where: 'staged', problem: 'is nothing that can become of staged policies', instead: 'StagedPolicies.IGNORED or StagedPolicies.ENFORCED' });
}

function onePort(port: Port): string {
  if (typeof port?.sameAs === 'function' && port.protocol !== undefined && port.first !== undefined && port.first === port.last) {
    return `${port.first}/${port.protocol}`;
  }
  throw new PolicyError({ given: typeof port?.sameAs === 'function' ? port.toString() : port, problem: 'is not one port', instead: 'Port.tcp(8080), the number on which the destination listens' });
}
