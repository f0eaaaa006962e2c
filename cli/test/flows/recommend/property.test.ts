import { Analysis, readInventory } from 'cdk8s-netpol/analysis';
import { POLICY_READERS } from 'cdk8s-netpol/dialects';
import fc from 'fast-check';
import { ObservedLabels, ObservedVerdict } from '../../../src/flows/observation';
import { recommend } from '../../../src/flows/recommend/recommend';
import { readInput } from '../../../src/input';
import { connection, input, outside, pods } from './records';

interface Estate {
  readonly namespace: string;
  readonly name: string;
  readonly labels: ObservedLabels;
}

const LABELS = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('web', 'api', 'db').map((app): ObservedLabels => ({ app })) },
  { weight: 2, arbitrary: fc.record({ 'app.kubernetes.io/name': fc.constantFrom('web', 'api'), 'app.kubernetes.io/component': fc.constantFrom('server', 'worker') }) },
  { weight: 1, arbitrary: fc.constantFrom('web', 'api').map((name): ObservedLabels => ({ 'app.kubernetes.io/name': name })) },
  { weight: 1, arbitrary: fc.record({ 'k8s-app': fc.constantFrom('web', 'api'), 'tier': fc.constantFrom('front', 'back'), 'pod-template-hash': fc.constantFrom('5d9c7f6b4d', 'abc') }) },
);
const WORKLOADS = fc.uniqueArray(
  fc.record({ namespace: fc.constantFrom('a', 'b', 'c'), name: fc.constantFrom('w1', 'w2', 'w3', 'w4'), labels: LABELS }),
  { minLength: 2, maxLength: 8, selector: ({ namespace, name }) => `${namespace}/${name}` },
);
const VERDICTS = fc.constantFrom<ObservedVerdict>('allowed', 'audited', 'would-deny', 'unknown', 'denied');
const LINK = fc.record({
  from: fc.nat(7), to: fc.nat(7), port: fc.constantFrom(80, 443, 5432, 8080), protocol: fc.constantFrom('TCP' as const, 'UDP' as const),
  direction: fc.constantFrom('ingress' as const, 'egress' as const), verdict: VERDICTS, outside: fc.constantFrom(undefined, undefined, undefined, '203.0.113.7', '2001:db8::7'),
});

function objectsOf(workloads: readonly Estate[]): object[] {
  return workloads.map(({ namespace, name, labels }) => ({
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace, name },
    spec: { replicas: 2, template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'none' }] } } },
  }));
}

test('a recommended set lets through all that it was made from, and nothing but that and what it reports', async () => {
  await fc.assert(fc.asyncProperty(WORKLOADS, fc.array(LINK, { minLength: 1, maxLength: 14 }), fc.constantFrom<string[]>(['a'], ['a', 'b']), fc.constantFrom('calico@3.31', 'cilium@1.18', 'generic'),
    async (workloads, links, asked, cniText) => {
      const of = (index: number): Estate => workloads[index % workloads.length]!;
      const peer = ({ namespace, name, labels }: Estate) => pods(namespace, name, labels);
      const connections = links.map((link) => connection(
        peer(of(link.from)), link.outside === undefined ? peer(of(link.to)) : outside(link.outside), link.port,
        { protocol: link.protocol, direction: link.outside === undefined ? link.direction : 'egress', verdict: link.verdict },
      ));
      const sightings = workloads.map((each, index) => ({ ...peer(each), pod: `p${index}`, ip: null, firstSeen: 0, lastSeen: 1 }));
      const given = input(asked, connections, { cniText, sightings });
      const { rules, unopened, proof, yaml } = await recommend(given);
      const { objects } = await readInput([{ name: 'rules', bytes: Buffer.from(yaml) }], { stdin: process.stdin });
      const inventory = readInventory([...objects, ...objectsOf(workloads).map((object) => ({ object }))], { readers: POLICY_READERS });
      const analysis = new Analysis(inventory, given.profile);

      const isAsked = ({ namespace }: Estate): boolean => asked.includes(namespace);
      const isAbout = (link: (typeof links)[number]): boolean => isAsked(of(link.from)) || (link.outside === undefined && isAsked(of(link.to)));
      const ends = (link: (typeof links)[number]): [string, string] => {
        const [from, to] = [of(link.from), of(link.to)];
        return [`${from.namespace}/${from.name}`, link.outside ?? `${to.namespace}/${to.name}`];
      };
      const keyOf = (link: (typeof links)[number]): string => [...ends(link), link.protocol, link.port].join(' ');
      // every end that speaks of a connection has to let it pass
      const stopped = new Set(links.filter(({ verdict }) => verdict === 'denied').filter((link) => !links.some((other) => keyOf(other) === keyOf(link)
        && (other.outside !== undefined || other.direction === link.direction) && other.verdict !== 'denied')).map(keyOf));
      for (const link of links.filter(isAbout)) {
        const [from, to] = ends(link);
        const isReported = unopened.some((each) => each.from === from && each.to === to && each.port === `${link.protocol} ${link.port}`);
        if (stopped.has(keyOf(link))) expect(isReported).toBe(true);
        else if (!isReported) expect([keyOf(link), analysis.allows(from, to, `${link.port}/${link.protocol}`).verdict]).toEqual([keyOf(link), 'allowed']);
        else throw new Error(`${keyOf(link)} is not opened`);
      }

      const seen = new Set(links.filter(({ verdict }) => verdict !== 'denied').map(keyOf));
      for (const source of workloads) {
        for (const destination of workloads) {
          if (!isAsked(source) && !isAsked(destination)) continue;
          const [from, to] = [source, destination].map(({ namespace, name }) => `${namespace}/${name}`) as [string, string];
          for (const protocol of ['TCP', 'UDP']) {
            for (const port of [80, 443, 5432, 8080, 9090]) {
              if (analysis.allows(from, to, `${port}/${protocol}`).verdict === 'denied') continue;
              const isReported = proof.openedUnseen.some((each) => each.from === from && each.to === to && each.ports.split(', ').includes(`${protocol} ${port}`));
              const key = [from, to, protocol, port].join(' ');
              expect([key, (seen.has(key) && !stopped.has(key)) || isReported]).toEqual([key, true]);
            }
          }
        }
        for (const ip of ['203.0.113.7', '203.0.113.8', '169.254.169.254']) {
          const from = `${source.namespace}/${source.name}`;
          if (!isAsked(source)) continue;
          const isOpen = analysis.allows(from, ip, '443/TCP').verdict !== 'denied';
          const bySelector = rules.some(({ opening }) => opening.kind === 'addresses' && opening.pods.namespace === source.namespace && opening.pods.pods.matches(source.labels)
            && opening.cidrs.includes(`${ip}/32`));
          expect([from, ip, isOpen && !bySelector]).toEqual([from, ip, false]);
        }
      }
    }), { numRuns: Number(process.env['NETPOL_RUNS'] ?? 60) });
}, 240_000);
