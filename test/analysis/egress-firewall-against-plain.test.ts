import * as fc from 'fast-check';
import { Analysis, profileOf, readInventory } from '../../lib/analysis';
import { POLICY_READERS } from '../../lib/dialects/readers';
import { contains, parseAddress, parseCidr } from '../plain/address';
import { listedPorts } from './differential';

interface FirewallRule {
  readonly type: 'Allow' | 'Deny';
  readonly to: { readonly cidrSelector: string };
  readonly ports?: ReadonlyArray<{ readonly protocol: string; readonly port: number }>;
}

const ADDRESSES = ['10.1.2.200', '192.0.2.200', '8.8.8.8', 'fd00:1::aaaa', '2001:db8::1'];
const PORTS = ['53/UDP', '80/TCP', '443/TCP', '8080/SCTP', 'ICMP'];

const pod = (namespace: string, name: string, podIP: string): object => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels: { app: name } }, spec: { containers: [{ name: 'c' }] }, status: { podIP },
});
const PODS = [pod('a', 'w0', '10.1.2.1'), pod('b', 'w1', '10.1.2.2')];

const port = fc.record({ protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'), port: fc.constantFrom(53, 80, 443, 8080) });
const rule: fc.Arbitrary<FirewallRule> = fc.record({
  type: fc.constantFrom('Allow' as const, 'Deny' as const),
  to: fc.constantFrom('0.0.0.0/0', '10.0.0.0/8', '192.0.2.0/24', '8.8.8.8/32', '::/0', 'fd00::/8').map((cidrSelector) => ({ cidrSelector })),
  ports: fc.array(port, { minLength: 1, maxLength: 2 }),
}, { requiredKeys: ['type', 'to'] });

/** What a NetworkPolicy of the same namespace says about egress: nothing, all, or only TCP 443. */
const besides = fc.constantFrom(undefined, [{}], [{ ports: [{ port: 443 }] }]);

/** The first rule that matches an address outside of the cluster decides; the policies have to let the packet through as well. */
function isAllowed(rules: readonly FirewallRule[], egress: readonly object[] | undefined, address: string, asked: string): boolean {
  const [number, protocol] = asked.split('/');
  const first = rules.find(({ to, ports }) => contains(parseCidr(to.cidrSelector), parseAddress(address))
    && (ports === undefined || ports.some((each) => each.protocol === protocol && String(each.port) === number)));
  const byPolicy = egress === undefined || JSON.stringify(egress) === '[{}]' || asked === '443/TCP';
  return first?.type !== 'Deny' && byPolicy;
}

test('an EgressFirewall is a list whose first match decides, for addresses outside of the cluster and pods of its namespace', () => {
  fc.assert(fc.property(fc.array(rule, { maxLength: 6 }), besides, (rules, egress) => {
    const firewall = { apiVersion: 'k8s.ovn.org/v1', kind: 'EgressFirewall', metadata: { name: 'default', namespace: 'a' }, spec: { egress: rules } };
    const policy = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'x', namespace: 'a' }, spec: { podSelector: {}, policyTypes: ['Egress'], egress } };
    const objects = [...PODS, firewall, ...(egress === undefined ? [] : [policy])];
    const analysis = new Analysis(readInventory(objects.map((object) => ({ object })), { readers: POLICY_READERS }), profileOf('ovn-kubernetes'));
    const listed = listedPorts(analysis.connections());
    for (const address of ADDRESSES) {
      for (const asked of PORTS) {
        const expected = isAllowed(rules, egress, address, asked) ? 'allowed' : 'denied';
        expect([address, asked, analysis.allows('a/w0', address, asked).verdict]).toEqual([address, asked, expected]);
        if (asked !== 'ICMP') expect([address, asked, listed('a/w0', address, asked)]).toEqual([address, asked, expected]);
        expect(analysis.allows('b/w1', address, asked).verdict).toBe('allowed');
        expect(analysis.allows(address, 'a/w0', asked).verdict).toBe('allowed');
      }
    }
    expect(analysis.allows('a/w0', 'b/w1', '443/TCP').verdict).toBe('allowed');
  }), { numRuns: Number(process.env.FUZZ_RUNS ?? 60) });
});
