import { Cidr, Selector } from '../../policy';
import { Layer } from '../layers';
import { Profile } from '../profile';
import { AddressCuts } from './address-cuts';
import { ControllerEndpoint, Endpoint, ExternalEndpoint, placesOf } from './endpoint';
import { EndpointSet } from './endpoint-set';
import { PodClass } from './pod-classes';
import { isOfPolicedFamily } from './policed';

/**
 * The endpoints of the matrix by number: first the classes of pods, then those of addresses outside, at the end the ingress
 * controller. Pods in the network of their node are apart where they are not like others: what they meet depends on the node
 * at the other end.
 */
export class Axis {
  public readonly pods: readonly PodClass[];
  public readonly hostPods: readonly PodClass[];
  public readonly endpoints: readonly Endpoint[];
  public readonly size: number;
  public readonly firstExternal: number;
  public readonly controller: number;
  /** The addresses outside about which no policy is asked. */
  public readonly unpoliced: EndpointSet;
  private readonly byNamespace = new Map<string, number[]>();
  private readonly byLabel = new Map<string, number[]>();

  public constructor(classes: readonly PodClass[], public readonly cuts: AddressCuts, profile: Profile, layers: readonly Layer[]) {
    const areOrdinary = layers.every(({ hostNetworkPodsAreOrdinary }) => hostNetworkPodsAreOrdinary === true);
    this.pods = areOrdinary ? classes : classes.filter(({ endpoint }) => !endpoint.hostNetwork);
    this.hostPods = areOrdinary ? [] : classes.filter(({ endpoint }) => endpoint.hostNetwork);
    this.firstExternal = this.pods.length;
    this.controller = this.firstExternal + cuts.classes.length;
    this.size = this.controller + 1;
    const external = cuts.classes.map(({ cidrs }) => externalEndpoint(cidrs));
    const outside = external.flatMap((endpoint, index) => (isOfPolicedFamily(endpoint, profile) ? [] : [this.firstExternal + index]));
    this.unpoliced = EndpointSet.of(outside, this.size);
    this.endpoints = [...this.pods.map(({ endpoint }) => endpoint), ...external, controllerEndpoint(profile)];
    for (const [index, { endpoint }] of this.pods.entries()) {
      append(this.byNamespace, endpoint.namespace, index);
      for (const [key, value] of Object.entries(endpoint.labels)) append(this.byLabel, `${key}=${value}`, index);
    }
  }

  public get namespaces(): IterableIterator<string> {
    return this.byNamespace.keys();
  }

  /** The classes of pods in a namespace that a selector matches. */
  public select(namespace: string, selector: Selector): readonly number[] {
    const inNamespace = this.byNamespace.get(namespace) ?? [];
    if (selector.matchesEverything) return inNamespace;
    const candidates = this.withLabel(selector, inNamespace);
    return candidates.filter((index) => {
      const endpoint = this.pods[index]!.endpoint;
      return endpoint.namespace === namespace && selector.matches(endpoint.labels);
    });
  }

  /** The shortest list that must hold all matches: those with a label that the selector asks for, or all. */
  private withLabel(selector: Selector, all: readonly number[]): readonly number[] {
    let shortest = all;
    for (const { key, operator, values } of selector.requirements) {
      if (operator !== 'In' || values.length !== 1) continue;
      const holders = this.byLabel.get(`${key}=${values[0]}`) ?? [];
      if (holders.length < shortest.length) shortest = holders;
    }
    return shortest;
  }
}

function append(lists: Map<string, number[]>, key: string, index: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [index]);
  else list.push(index);
}

/** Addresses that no rule tells apart: one of their blocks stands for all. */
export function externalEndpoint(cidrs: readonly Cidr[]): ExternalEndpoint {
  return { kind: 'external', text: cidrs.length === 1 ? cidrs[0]!.toString() : 'addresses outside of the cluster', places: cidrs.slice(0, 1) };
}

export function controllerEndpoint(profile: Profile): ControllerEndpoint {
  return { kind: 'controller', text: 'the ingress controller', labels: profile.ingressControllerLabels, places: placesOf([], profile.podCidrs) };
}
