import * as fc from 'fast-check';
import { clusterObjects } from '../../../test/analysis/random-cluster';
import { migratedObjects, objectsOf } from './migrated';

const isPolicy = ({ kind }: Record<string, unknown>): boolean => kind === 'NetworkPolicy';

/** A default-deny for some of the namespaces, so that both forms of a namespace come up. */
const denials = fc.subarray(['a', 'b', 'c']).chain((namespaces) => fc.tuple(...namespaces.map((namespace) => fc.constantFrom(['Ingress'], ['Egress'], ['Ingress', 'Egress']).map((policyTypes) => ({
  apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'deny', namespace }, spec: { podSelector: {}, policyTypes },
})))));

test('whatever NetworkPolicies say, the app says the same', async () => {
  await fc.assert(fc.asyncProperty(clusterObjects({ clusterPolicies: false, addresses: true, hostNetwork: true }), denials, async (objects, denied) => {
    const all = [...objects, ...denied];
    fc.pre(all.some(isPolicy));
    const input = await objectsOf(all.map((each) => JSON.stringify(each)).join('\n---\n'));
    const { proof, files } = await migratedObjects(input);
    if (!proof.equal) throw new Error(`${JSON.stringify(proof.diff, undefined, 1)}\n${[...files].map(([file, text]) => `--- ${file}\n${text}`).join('')}`);
  }), { numRuns: 100 });
}, 120_000);
