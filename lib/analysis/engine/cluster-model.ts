import { Cidr } from '../../policy';
import { ContainerPort, Inventory } from '../inventory';
import { Paths } from '../paths';
import { Profile } from '../profile';
import { hidingServices, SourceNat } from '../source-nat';
import { AddressCuts } from './address-cuts';
import { Axis } from './axis';
import { rulesOf } from './compiled';
import { Matrix } from './matrix';
import { Mentions, mentionsOf } from './mentions';
import { PairEvaluator } from './pair';
import { PeerSets } from './peer-sets';
import { podClasses } from './pod-classes';
import { layersWithPolicies, PolicyLayer } from './policies';
import { PortSpace } from './port-space';

/** A cluster under a profile, made ready for questions. The matrix is built when it is first asked. */
export class ClusterModel {
  public readonly layers: readonly PolicyLayer[];
  public readonly mentions: Mentions;
  public readonly space: PortSpace;
  public readonly axis: Axis;
  public readonly pairs: PairEvaluator;
  public readonly paths: Paths;
  public readonly sourceNat: SourceNat;
  private built: Matrix | undefined;

  public constructor(public readonly inventory: Inventory, public readonly profile: Profile) {
    this.layers = layersWithPolicies(inventory, profile);
    const policies = this.layers.flatMap((layer) => layer.policies);
    const layers = this.layers.map(({ layer }) => layer);
    this.mentions = mentionsOf(policies, hidingServices(inventory, profile));
    this.space = new PortSpace(policies.flatMap(rulesOf).map(({ rule }) => rule), this.numbers());
    const { policedFamily } = profile;
    const families = policedFamily === undefined ? [] : [{ kind: 'ipBlock' as const, cidr: Cidr.all(policedFamily), except: [] }];
    const cuts = new AddressCuts([...this.mentions.blocks, ...families]);
    const addresses = this.mentions.blocks.length > 0 && layers.some(({ blocksMatchPods }) => blocksMatchPods !== false);
    this.axis = new Axis(podClasses(inventory, profile, { mentions: this.mentions, cuts, addresses }), cuts, profile, layers);
    this.pairs = new PairEvaluator(this.layers, this.space, profile);
    this.paths = new Paths(this);
    this.sourceNat = new SourceNat(this);
  }

  public get matrix(): Matrix {
    if (this.built === undefined) {
      const labels = new Map([...this.inventory.namespaces.values()].map((namespace) => [namespace.name, namespace.labels]));
      this.built = new Matrix(this.axis, this.space, this.layers, new PeerSets(this.axis, labels), this.mentions.portNames);
    }
    return this.built;
  }

  /** Port numbers that answers must be able to tell apart beside those in rules: named ports, and targets of Services that lead in from outside. */
  private numbers(): ContainerPort[] {
    const targets = new Set<number>();
    const names = new Set(this.mentions.portNames);
    const found: ContainerPort[] = [];
    const isRouted = this.inventory.routes.length > 0;
    for (const { ports, external } of this.inventory.services) {
      if (!isRouted && !external) continue;
      for (const { target, protocol } of ports) {
        if (typeof target === 'string') names.add(target);
        else if (!targets.has(target)) {
          targets.add(target);
          found.push({ protocol, number: target });
        }
      }
    }
    if (names.size === 0) return found;
    for (const { groups } of this.inventory.workloads) {
      for (const { ports } of groups) for (const port of ports) if (port.name !== undefined && names.has(port.name)) found.push(port);
    }
    return found;
  }
}
