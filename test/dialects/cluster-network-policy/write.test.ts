import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { readClusterNetworkPolicy, writeClusterNetworkPolicy } from '../../../lib/dialects/cluster-network-policy';
import {
  Action, ADMIN_TIER, Cidr, everyNamespace, ipBlockPeer, namedNamespace, nodePeer, podPeer, Policy, policyKey, PortMatch, Protocol, rule, Rule, Selector,
} from '../../../lib/policy';
import { clusterPolicy } from '../../analysis/random-cluster';
import { describeWithShared, sharedPath } from '../../shared-data';

function policy(rules: readonly Rule[], more: Partial<Policy> = {}): Policy {
  return {
    name: 'p', tier: ADMIN_TIER, order: 10, subject: { kind: 'pods', namespaces: everyNamespace, pods: Selector.everything },
    isolates: [], rules, stage: 'enforced', ...more,
  };
}

const everyPod = podPeer(everyNamespace, Selector.everything);
const port = (first: number): PortMatch => ({ kind: 'range', protocol: Protocol.TCP, first, last: first });
const denies = (count: number, action: Action = 'deny'): Rule[] => Array.from({ length: count }, (_, index) => rule({ direction: 'ingress', action, peers: [everyPod], ports: [port(2 * index + 1)] }));

function again(written: ReturnType<typeof writeClusterNetworkPolicy>[number]): Policy {
  return readClusterNetworkPolicy({ metadata: { name: written.name }, spec: written.spec }).policy;
}

test('writes what reading gives back', () => {
  fc.assert(fc.property(clusterPolicy(0), (document) => {
    const { policy: read } = readClusterNetworkPolicy(document);
    const written = writeClusterNetworkPolicy(read);
    expect(written).toHaveLength(1);
    expect(policyKey(again(written[0]!))).toBe(policyKey(read));
  }), { numRuns: Number(process.env.FUZZ_RUNS ?? 200) });
});

test('addresses without their exceptions, as networks', () => {
  const [written] = writeClusterNetworkPolicy(policy([rule({ direction: 'egress', action: 'allow', peers: [ipBlockPeer(Cidr.parse('10.0.0.0/8'), [Cidr.parse('10.0.0.0/9')]), nodePeer(Selector.everything)] })]));
  expect(written?.spec.egress).toEqual([{ action: 'Accept', to: [{ nodes: {} }, { networks: ['10.128.0.0/9'] }] }]);
});

describe('limits', () => {
  test('a rule with too many ports or peers becomes several in its place', () => {
    const ports = Array.from({ length: 30 }, (_, index) => port(2 * index + 1));
    const peers = Array.from({ length: 30 }, (_, index) => podPeer(namedNamespace(`ns-${index}`), Selector.everything));
    const [written, ...more] = writeClusterNetworkPolicy(policy([rule({ direction: 'ingress', action: 'allow', peers, ports }), ...denies(1)]));
    expect(more).toEqual([]);
    expect(written?.spec.ingress?.map(({ action, from, protocols }) => [action, (from as unknown[]).length, (protocols as unknown[]).length])).toEqual([
      ['Accept', 25, 25], ['Accept', 25, 5], ['Accept', 5, 25], ['Accept', 5, 5], ['Deny', 1, 1],
    ]);
  });

  test('too many rules that do the same become several policies of one priority', () => {
    const written = writeClusterNetworkPolicy(policy(denies(60)));
    expect(written.map(({ name, spec }) => [name, spec.priority, spec.ingress?.length])).toEqual([['p', 10, 25], ['p-2', 10, 25], ['p-3', 10, 10]]);
  });

  test('too many rules whose order counts are an error', () => {
    expect(() => writeClusterNetworkPolicy(policy([...denies(25), ...denies(1, 'allow')]))).toThrow('26 are more ingress rules than the 25');
  });
});

test.each<[string, Policy, string]>([
  ['isolation', policy([], { isolates: ['ingress'] }), 'needs a policy that isolates its subject'],
  ['ingress from addresses', policy([rule({ direction: 'ingress', action: 'allow', peers: [ipBlockPeer(Cidr.parse('10.0.0.0/8'))] })]), 'needs ingress from anything but pods'],
  ['ingress from everybody', policy([rule({ direction: 'ingress', action: 'deny' })]), 'needs ingress from everybody'],
  ['no priority', policy([], { order: 1001 }), '1001 is not a priority'],
  ['another tier', policy([], { tier: { name: 'network-policy' } }), 'needs the tier network-policy'],
  ['the name of a port with its protocol', policy([rule({ direction: 'ingress', action: 'allow', peers: [everyPod], ports: [{ kind: 'named', protocol: Protocol.TCP, name: 'http' }] })]), 'needs the port http/TCP'],
])('cannot say: %s', (_, model, message) => {
  expect(() => writeClusterNetworkPolicy(model)).toThrow(message);
});

describeWithShared('schemas', 'the published schema of ClusterNetworkPolicy', () => {
  interface Crd {
    readonly spec: { readonly versions: ReadonlyArray<{ readonly schema: { readonly openAPIV3Schema: Record<string, unknown> } }> };
  }

  test('takes what is written', () => {
    const file = sharedPath('schemas', 'policy.networking.k8s.io', 'v1alpha2', 'clusternetworkpolicies.experimental.yaml');
    const crd = parse(readFileSync(file, 'utf8')) as Crd;
    const schema = crd.spec.versions[0]!.schema.openAPIV3Schema;
    const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false, logger: false }).compile(schema);
    fc.assert(fc.property(clusterPolicy(0), (document) => {
      for (const { name, spec } of writeClusterNetworkPolicy(readClusterNetworkPolicy(document).policy)) {
        validate({ apiVersion: 'policy.networking.k8s.io/v1alpha2', kind: 'ClusterNetworkPolicy', metadata: { name }, spec });
        expect(validate.errors).toBeNull();
      }
    }));
  });
});
