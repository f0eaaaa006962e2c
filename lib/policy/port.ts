import { checkFields } from './fields';
import { checkPortName } from './names';
import { PolicyError } from './policy-error';

/** The transport protocols that a NetworkPolicy port can name. */
export enum Protocol {
  /** Transmission Control Protocol. */
  TCP = 'TCP',
  /** User Datagram Protocol. */
  UDP = 'UDP',
  /** Stream Control Transmission Protocol. */
  SCTP = 'SCTP',
}

/** What `Port.all` needs to know. */
export interface AllPortsOptions {
  /** Why this rule cannot name its ports. Written to the policy as the annotation `cdk8s-netpol/reason`. */
  readonly reason: string;

  /**
   * All ports of this protocol only.
   * @default - every protocol, ICMP included where the CNI polices it
   */
  readonly protocol?: Protocol;
}

/**
 * A destination port, a range of ports, or a container port by its name. Every rule names its ports.
 *
 * It is the port on which the *pod* listens (the container port), not the port of a Service in front of it: a CNI matches
 * after the Service address was translated.
 *
 * ```ts
 * new AllowFromPods(namespace, 'web', { from: Pods.withLabels({ app: 'web' }), ports: [Port.tcp(8080), Port.named('metrics')] });
 * ```
 * ```yaml
 * ports:
 *   - { protocol: TCP, port: 8080 }
 *   - { protocol: TCP, port: metrics }
 * ```
 * @see https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
 */
export class Port {
  /**
   * One TCP port.
   * @param port 1 to 65535
   */
  public static tcp(port: number): Port {
    return Port.range(Protocol.TCP, port, port);
  }

  /**
   * TCP ports `first` to `last`, both included. Needs a CNI that knows `endPort` (Kubernetes 1.25 and later).
   * @param first 1 to 65535
   * @param last not below `first`
   */
  public static tcpRange(first: number, last: number): Port {
    return Port.range(Protocol.TCP, first, last);
  }

  /**
   * One UDP port.
   * @param port 1 to 65535
   */
  public static udp(port: number): Port {
    return Port.range(Protocol.UDP, port, port);
  }

  /**
   * UDP ports `first` to `last`, both included.
   * @param first 1 to 65535
   * @param last not below `first`
   */
  public static udpRange(first: number, last: number): Port {
    return Port.range(Protocol.UDP, first, last);
  }

  /**
   * One SCTP port.
   * @param port 1 to 65535
   */
  public static sctp(port: number): Port {
    return Port.range(Protocol.SCTP, port, port);
  }

  /**
   * SCTP ports `first` to `last`, both included.
   * @param first 1 to 65535
   * @param last not below `first`
   */
  public static sctpRange(first: number, last: number): Port {
    return Port.range(Protocol.SCTP, first, last);
  }

  /**
   * The container port of this name and protocol; each destination pod gives its own number.
   * Where the destination workload is known, the name must exist on one of its containers.
   * @param name at most 15 lower-case letters, digits and `-`, with at least one letter
   * @param protocol the protocol that the container port declares; TCP where it is not given
   */
  public static named(name: string, protocol: Protocol = Protocol.TCP): Port {
    return new Port(checkProtocol(protocol), undefined, undefined, checkPortName(name), undefined);
  }

  /**
   * Every port, or every port of one protocol: the way to say so that cannot happen by mistake.
   * @param options the reason, and the protocol
   */
  public static all(options: AllPortsOptions): Port {
    const reason = options?.reason;
    if (typeof reason !== 'string' || reason.trim().length < 8) {
      throw new PolicyError({
        given: reason,
        problem: 'does not say why a rule opens all ports',
        instead: 'the ports themselves, Port.tcp(8080), or a reason of at least eight characters',
      });
    }
    checkFields(options, { reason: 'value', protocol: 'value' });
    const protocol = options.protocol === undefined ? undefined : checkProtocol(options.protocol);
    return new Port(protocol, undefined, undefined, undefined, reason.trim());
  }

  private static range(protocol: Protocol, first: number, last: number): Port {
    checkNumber(first);
    checkNumber(last);
    if (first > last) {
      throw new PolicyError({ given: [first, last], problem: 'is a port range that ends before it begins', instead: `the lower port first, ${last} to ${first}` });
    }
    return new Port(protocol, first, last, undefined, undefined);
  }

  /** The protocol; undefined for every protocol. */
  public readonly protocol?: Protocol;
  /** The first port of the range; undefined for a named port and for all ports. */
  public readonly first?: number;
  /** The last port of the range; the same as `first` for a single port. */
  public readonly last?: number;
  /** The name of the container port; undefined where the port is a number. */
  public readonly portName?: string;
  /** Why all ports are open; undefined for every other port. */
  public readonly reason?: string;

  private constructor(protocol?: Protocol, first?: number, last?: number, portName?: string, reason?: string) {
    this.protocol = protocol;
    this.first = first;
    this.last = last;
    this.portName = portName;
    this.reason = reason;
  }

  /** The port as `netpol` prints it: `8080/TCP`, `8000-8010/TCP`, `http/TCP`, `all/TCP`, `all`. */
  public toString(): string {
    const what = this.portName ?? (this.first === undefined ? 'all' : this.first === this.last ? `${this.first}` : `${this.first}-${this.last}`);
    return this.protocol === undefined ? what : `${what}/${this.protocol}`;
  }

  /**
   * Whether the two name the same ports. The reason does not count.
   * @param other the port to compare with
   */
  public sameAs(other: Port): boolean {
    return this.toString() === other.toString();
  }
}

function checkNumber(port: number): void {
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return;
  const instead = typeof port === 'string' ? 'a number, or Port.named("...") for the name of a container port' : 'a whole number from 1 to 65535';
  throw new PolicyError({ given: port, problem: 'is not a port number', instead });
}

function checkProtocol(protocol: Protocol): Protocol {
  if (Object.values(Protocol).includes(protocol)) return protocol;
  throw new PolicyError({ given: protocol, problem: 'is not a protocol of network policies', instead: 'Protocol.TCP, Protocol.UDP or Protocol.SCTP' });
}
