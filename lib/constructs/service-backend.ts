import { ApiObject, Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { checkDnsLabel, checkFields, locate, namedNamespace, NamespaceScope, PolicyError, Port, Protocol, Selector } from '../policy';
import { checkPorts } from './synthesis/connect';

/** A Service that is not part of the app. */
export interface KnownServiceOptions {
  /** The namespace of the Service. */
  readonly namespace: string;
  /** The labels by which the Service selects its pods. */
  readonly labels: Record<string, string>;
  /** The ports on which those pods listen: the Service's target ports, not its own ports. */
  readonly targetPorts: Port[];
}

/**
 * The pods behind a Service and the ports on which they listen. Policies are matched against the pod and its own port, not
 * against the Service and the port that clients dial.
 *
 * ```ts
 * new AllowToService(shop, 'db', { service: ServiceBackend.of(databaseService) });
 * ```
 */
export class ServiceBackend {
  /**
   * A Service of this app: a cdk8s `ApiObject`, a cdk8s-plus `Service`, or an object of an `Include`.
   * @param service the construct; it needs a selector
   * @param portNames only these ports of the Service, by their names; every port where they are not given
   */
  public static of(service: IConstruct, portNames?: string[]): ServiceBackend {
    if (portNames !== undefined && !Array.isArray(portNames)) {
      throw new PolicyError({ given: portNames, where: 'portNames', problem: 'is not a list of names', instead: '["http"]' });
    }
    let object: ApiObject;
    try {
      object = ApiObject.of(service);
    } catch {
      throw new PolicyError({ given: service?.node?.path ?? service, problem: 'is no Service', instead: 'a cdk8s ApiObject of kind Service' });
    }
    return new ServiceBackend(() => readService(object, portNames));
  }

  /**
   * A Service that another repository deploys.
   * @param options where it is, and what is behind it
   */
  public static known(options: KnownServiceOptions): ServiceBackend {
    checkFields(options, { namespace: 'value', labels: 'value', targetPorts: 'value' });
    checkDnsLabel(options.namespace, 'namespace name');
    const selector = Selector.labels(options.labels);
    if (selector.matchesEverything) {
      throw new PolicyError({ given: options.labels, problem: 'are no labels, which would be every pod of the namespace', instead: 'the selector of the Service' });
    }
    const ports = locate('targetPorts', () => checkPorts(options.targetPorts));
    const backend = { scope: namedNamespace(options.namespace), selector, ports: [...ports] };
    return new ServiceBackend(() => backend);
  }

  private readonly read: () => Backend;

  private constructor(read: () => Backend) {
    this.read = read;
  }

  /** @internal */
  public _backend(): Backend {
    return this.read();
  }
}

/** @internal */
export interface Backend {
  readonly scope: NamespaceScope | undefined;
  readonly selector: Selector;
  readonly ports: Port[];
}

interface ServiceJson {
  readonly kind?: string;
  readonly spec?: {
    readonly type?: string;
    readonly selector?: Record<string, string>;
    readonly ports?: ReadonlyArray<{ readonly name?: string; readonly port?: number; readonly targetPort?: number | string; readonly protocol?: string }>;
  };
}

function readService(object: ApiObject, portNames: string[] | undefined): Backend {
  const { spec, kind } = object.toJson() as ServiceJson;
  const given = `${object.kind} ${object.name}`;
  const where = object.node.path;
  if (kind !== 'Service') throw new PolicyError({ given, where, problem: 'is no Service', instead: 'an object of kind Service' });
  const selector = Selector.labels(spec?.selector ?? {});
  if (spec?.type === 'ExternalName' || selector.matchesEverything) {
    throw new PolicyError({
      given, where, problem: 'selects no pods, so that its addresses are not known here',
      instead: 'AllowToIpBlock or an EgressProxy for what is behind it, or ServiceBackend.known({ ... })',
    });
  }
  const all = Array.isArray(spec?.ports) ? spec.ports : [];
  for (const name of portNames ?? []) {
    if (!all.some((port) => port.name === name)) {
      throw new PolicyError({ given: name, where, problem: 'is not a port of this Service', instead: all.map((port) => port.name ?? String(port.port)).join(', ') });
    }
  }
  const ports = all.filter(({ name }) => portNames === undefined || (name !== undefined && portNames.includes(name)));
  if (ports.length === 0) throw new PolicyError({ given, where, problem: 'has no ports', instead: 'spec.ports with at least one port' });
  const namespace = object.metadata.namespace ?? Chart.of(object).namespace;
  return {
    scope: namespace === undefined ? undefined : namedNamespace(namespace),
    selector,
    ports: locate(where, () => ports.map(({ port, targetPort, protocol }) => targetPortOf(targetPort ?? port, protocol ?? 'TCP'))),
  };
}

function targetPortOf(port: number | string | undefined, protocol: string): Port {
  if (typeof port === 'string' && !/^[0-9]+$/.test(port)) return Port.named(port, protocol as Protocol);
  const number = Number(port);
  switch (protocol) {
    case 'UDP': return Port.udp(number);
    case 'SCTP': return Port.sctp(number);
    case 'TCP': return Port.tcp(number);
    default:
      throw new PolicyError({ given: protocol, problem: 'is not a protocol of network policies', instead: 'TCP, UDP or SCTP' });
  }
}
