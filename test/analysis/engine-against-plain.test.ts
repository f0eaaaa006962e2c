import * as fc from 'fast-check';
import { disagreements, type Settings } from './differential';
import { clusterObjects } from './random-cluster';

const FIXED: Settings = { networkPolicyIsolatesIcmp: true, rulesWithoutPortsAllowIcmp: true };
/** More of them, as many as fit into some minutes, under `npm run fuzz`. */
const runs = { numRuns: Number(process.env.FUZZ_RUNS ?? 40), interruptAfterTimeLimit: 300_000 };

/** The engine answers what an evaluator answers that asks one packet of one pod in one possible world after the other. */
describe('the engine and the plain evaluator agree', () => {
  test('NetworkPolicy, where blocks do not match pods', () => {
    fc.assert(fc.property(clusterObjects({ clusterPolicies: false, addresses: false, hostNetwork: false }), (objects) => {
      expect(disagreements(objects, { ...FIXED, ipBlockMatchesPods: false }, true)).toEqual([]);
    }), runs);
  });

  test('NetworkPolicy, where blocks match pods and some addresses are known', () => {
    fc.assert(fc.property(clusterObjects({ clusterPolicies: false, addresses: true, hostNetwork: false }), (objects) => {
      expect(disagreements(objects, { ...FIXED, ipBlockMatchesPods: true }, false)).toEqual([]);
    }), runs);
  });

  test('NetworkPolicy under a CNI of which nothing is known', () => {
    fc.assert(fc.property(clusterObjects({ clusterPolicies: false, addresses: true, hostNetwork: false }), (objects) => {
      expect(disagreements(objects, {}, false)).toEqual([]);
    }), runs);
  });

  test('ClusterNetworkPolicy and NetworkPolicy together', () => {
    fc.assert(fc.property(clusterObjects({ clusterPolicies: true, addresses: false, hostNetwork: false }), (objects) => {
      expect(disagreements(objects, { ...FIXED, ipBlockMatchesPods: false, cnpNetworksMatchPods: false }, true)).toEqual([]);
    }), runs);
  });

  test('ClusterNetworkPolicy under a CNI of which only that ipBlock matches no pods is known', () => {
    fc.assert(fc.property(clusterObjects({ clusterPolicies: true, addresses: true, hostNetwork: false }), (objects) => {
      expect(disagreements(objects, { ipBlockMatchesPods: false }, false)).toEqual([]);
    }), runs);
  });

  test('both under a CNI of which only that networks match no pods is known', () => {
    fc.assert(fc.property(clusterObjects({ clusterPolicies: true, addresses: true, hostNetwork: false }), (objects) => {
      expect(disagreements(objects, { cnpNetworksMatchPods: false }, false)).toEqual([]);
    }), runs);
  });

  test('pods in the network of their node, and NetworkPolicy', () => {
    fc.assert(fc.property(clusterObjects({ clusterPolicies: false, addresses: true, hostNetwork: true }), (objects) => {
      expect(disagreements(objects, FIXED, false)).toEqual([]);
    }), runs);
  });

  test('pods in the network of their node, and ClusterNetworkPolicy', () => {
    fc.assert(fc.property(clusterObjects({ clusterPolicies: true, addresses: true, hostNetwork: true }), (objects) => {
      expect(disagreements(objects, { ...FIXED, ipBlockMatchesPods: false, ipBlockMatchesNodes: false }, false)).toEqual([]);
    }), runs);
  });
});
