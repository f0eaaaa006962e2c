import { IConstruct } from 'constructs';
import { ClusterProfile } from '../../cluster/cluster-profile';
import { Labels, NAMESPACE_NAME_LABEL, NamespaceScope, PolicyError, Selector } from '../../policy';
import type { DomainPattern } from '../domain-pattern';
import type { Pods } from '../pods';
import { avoiding, ClosedEndpoint } from './closed-endpoint';
import { metadataOf } from './cluster-metadata';
import { throughTunnel } from './mesh';
import { Host, PolicySet } from './policy-set';

const ESTATE = Symbol.for('cdk8s-netpol.Estate');
const MANAGED = Symbol.for('cdk8s-netpol.ManagedNamespace');

/** A namespace that a construct of the app owns. */
export interface ManagedNamespace extends IConstruct {
  readonly namespaceName: string;
  /** The labels that the namespace is known to have. */
  readonly _labels: Labels;
  readonly _host: Host;
  /** Why AUDIT may open what policies of others keep closed; undefined where it may not. */
  readonly _acceptedOpening?: string;
}

/** A proxy of the app that takes more clients, and their domains. */
export interface CarryingProxy extends IConstruct {
  _carry(clients: Pods, patterns: readonly DomainPattern[]): void;
}

/** The promise that instance metadata stays closed. */
export interface MetadataPromise extends IConstruct {
  /** What it keeps closed in a namespace or for some of its pods, or for policies of the whole cluster; nothing where they are exempt. */
  _closedIn(namespace: string | undefined, pods?: Selector): readonly ClosedEndpoint[];
  /** Why a namespace is exempt; undefined where it is not. */
  _exemption(namespace: string): string | undefined;
  /** Whether a policy of the cluster denies it, whatever others allow. */
  readonly _denies: boolean;
}

/** What the API server of the cluster refuses. */
export interface Guardrails extends IConstruct {
  /** The labels of which a policy needs one to be admitted to a namespace, or to the cluster; undefined where it needs none. */
  _ownerLabelsIn(namespace: string | undefined): readonly string[] | undefined;
}

/**
 * All that the constructs of one cluster of an app have said: the namespaces that have an owner, the policies of each
 * namespace, and rules that wait for a namespace which is not built yet.
 */
export class Estate {
  /** The estate of the cluster that a construct belongs to; made when it is first asked for. */
  public static of(construct: IConstruct): Estate {
    const scope = ClusterProfile.of(construct)._scope;
    return keptOn(scope, ESTATE, () => {
      const estate = new Estate(scope, ClusterProfile.of(construct));
      estatesOf(scope.node.root).push(estate);
      return estate;
    });
  }

  public readonly managed = new Map<string, ManagedNamespace>();
  public metadata?: MetadataPromise;
  public guardrails?: Guardrails;
  private readonly sets = new Map<string, PolicySet>();
  /** The proxies that the app deploys in this cluster. */
  public readonly proxies: CarryingProxy[] = [];
  private readonly awaitProxy: Array<(proxy: CarryingProxy) => void> = [];
  private baseline?: IConstruct;
  private cloudMetadata?: readonly ClosedEndpoint[];

  private constructor(public readonly scope: IConstruct, public readonly profile: ClusterProfile) {}

  /** The policies of a namespace. */
  public policies(namespace: string): PolicySet {
    let set = this.sets.get(namespace);
    if (set === undefined) {
      set = new PolicySet(namespace, (each, subject) => throughTunnel(this, namespace, avoiding(each, this.closedEndpoints(namespace, subject))));
      this.sets.set(namespace, set);
    }
    return set;
  }

  public get policySets(): readonly PolicySet[] {
    return [...this.sets.values()];
  }

  /** Makes a construct the owner of its namespace; a namespace has one. */
  public own(namespace: ManagedNamespace): void {
    const name = namespace.namespaceName;
    const before = this.managed.get(name);
    if (before !== undefined) {
      throw new PolicyError({
        given: name, problem: `has an owner already: ${before.node.path}`,
        instead: 'one DefaultDenyNamespace for a namespace; add rules to it from anywhere',
      });
    }
    Object.defineProperty(namespace, MANAGED, { value: true });
    this.managed.set(name, namespace);
    this.policies(name).attach(namespace._host);
    for (const listener of listenersOf(namespace.node.root)) listener(namespace, this);
  }

  /** Makes a construct the one that closes namespaces which nobody claims; a cluster has one. */
  public takeUnclaimed(construct: IConstruct): void {
    if (this.baseline !== undefined) {
      throw new PolicyError({
        given: construct.node.id, problem: `is a second ClusterDefaultDeny: ${this.baseline.node.path} governs this cluster already`,
        instead: 'one of them, with the exemptions of both',
      });
    }
    this.baseline = construct;
  }

  public addProxy(proxy: CarryingProxy): void {
    this.proxies.push(proxy);
    for (const listener of this.awaitProxy) listener(proxy);
  }

  /** Calls back for each proxy that the app deploys in this cluster, also for those that are built later. */
  public onProxy(listener: (proxy: CarryingProxy) => void): void {
    for (const proxy of this.proxies) listener(proxy);
    this.awaitProxy.push(listener);
  }

  /** Calls back for each owned namespace of this cluster, also for those that are built later. */
  public onManaged(listener: (namespace: ManagedNamespace) => void): void {
    onManagedAnywhere(this.scope.node.root, (namespace, estate) => {
      if (estate === this) listener(namespace);
    });
  }

  /**
   * What an opener of a namespace leaves closed: what was promised, and where nothing was promised, the metadata endpoints of
   * the cloud.
   */
  public openerLeavesClosed(namespace: string): readonly ClosedEndpoint[] {
    return this.metadata?._closedIn(namespace) ?? (this.cloudMetadata ??= metadataOf(this.profile));
  }

  /** What stays closed in a namespace, or for some of its pods, because metadata was promised to be. */
  public closedEndpoints(namespace: string | undefined, pods?: Selector): readonly ClosedEndpoint[] {
    return this.metadata?._closedIn(namespace, pods) ?? [];
  }
}

/** Whether a scope holds a namespace with these labels. */
export function inScope(scope: NamespaceScope, name: string, labels: Labels): boolean {
  return scope.kind === 'named' ? scope.name === name : scope.selector.matches({ ...labels, [NAMESPACE_NAME_LABEL]: name });
}

/** The nearest owned namespace above a construct, or the construct itself. */
export function managedNamespaceAbove(construct: IConstruct): ManagedNamespace | undefined {
  return [...construct.node.scopes].reverse().find((scope): scope is ManagedNamespace => MANAGED in scope);
}

type Listener = (namespace: ManagedNamespace, estate: Estate) => void;

/** Calls back for each owned namespace of an app, in whichever cluster, also for those that are built later. */
export function onManagedAnywhere(root: IConstruct, listener: Listener): void {
  for (const estate of [...estatesOf(root)]) {
    for (const namespace of [...estate.managed.values()]) listener(namespace, estate);
  }
  listenersOf(root).push(listener);
}

const LISTENERS = Symbol.for('cdk8s-netpol.Listeners');

function listenersOf(root: IConstruct): Listener[] {
  return keptOn(root, LISTENERS, () => []);
}

const ESTATES = Symbol.for('cdk8s-netpol.Estates');

/** All estates of an app. */
export function estatesOf(root: IConstruct): Estate[] {
  return keptOn(root, ESTATES, () => []);
}

/** A value kept on a construct, made when it is first asked for. */
function keptOn<T>(construct: IConstruct, key: symbol, make: () => T): T {
  const holder = construct as unknown as Record<symbol, T | undefined>;
  const existing = holder[key];
  if (existing !== undefined) return existing;
  const value = make();
  Object.defineProperty(construct, key, { value });
  return value;
}
