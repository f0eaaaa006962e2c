import type { Analysis } from '../../lib/analysis';
import { parsePort } from '../../lib/analysis';
import { clusterPolicy, clusterUnder, np } from './cluster-under';

type Settings = Readonly<Record<string, string>>;

const API = 'crd.antrea.io/v1beta1';
let count = 0;
const acnp = (spec: string): string => `{apiVersion: ${API}, kind: ClusterNetworkPolicy, metadata: {name: acnp-${count++}}, spec: {${spec}}}`;
const annp = (namespace: string, spec: string): string => `{apiVersion: ${API}, kind: NetworkPolicy, metadata: {name: annp-${count++}, namespace: ${namespace}}, spec: {${spec}}}`;
const tier = (name: string, priority: number): string => `{apiVersion: ${API}, kind: Tier, metadata: {name: ${name}}, spec: {priority: ${priority}}}`;
const group = (name: string, spec: string): string => `{apiVersion: ${API}, kind: ClusterGroup, metadata: {name: ${name}}, spec: {${spec}}}`;
const SERVICE = '{apiVersion: v1, kind: Service, metadata: {name: api, namespace: pay}, spec: {clusterIP: 10.96.0.9, selector: {app: api}, ports: [{port: 80, targetPort: 8080}]}}';

const CNP = { ClusterNetworkPolicy: 'true' };
const antrea = (documents: readonly string[], settings: Settings = {}, version = '2.7'): Analysis => clusterUnder('antrea', { version, settings }, ...documents);
const ask = (documents: readonly string[], from = 'shop/web', to = 'pay/api', port = '80/TCP', settings: Settings = CNP): string => antrea(documents, settings).allows(from, to, port).verdict;

const toApi = 'appliedTo: [{podSelector: {matchLabels: {app: api}}}]';
const ofWeb = 'appliedTo: [{podSelector: {matchLabels: {app: web}}}]';
const CLOSED = np('pay', '{podSelector: {}, policyTypes: [Ingress]}');
const DROP = 'ingress: [{action: Drop}]';
const ALLOW = 'ingress: [{action: Allow}]';
const admin = (action: string): string => clusterPolicy('Admin', 5, `ingress: [{action: ${action}, from: [{namespaces: {}}]}]`);
const base = (action: string): string => clusterPolicy('Baseline', 5, `ingress: [{action: ${action}, from: [{namespaces: {}}]}]`);

describe('one sequence of tiers', () => {
  test('tiers go by priority, custom tiers between the static ones', () => {
    const of = (name: string, rules: string): string => acnp(`tier: ${name}, priority: 1, ${toApi}, ${rules}`);
    expect(ask([of('emergency', DROP), of('securityops', ALLOW)])).toBe('denied');
    expect(ask([tier('mine', 99), of('mine', DROP), of('securityops', ALLOW)])).toBe('denied');
    expect(ask([tier('mine', 101), of('mine', DROP), of('securityops', ALLOW)])).toBe('allowed');
    expect(ask([tier('mine', 101), of('mine', DROP), of('networkops', ALLOW)])).toBe('denied');
  });

  test('inside a tier policies go by priority, whatever their kind', () => {
    expect(ask([acnp(`priority: 2, ${toApi}, ${DROP}`), annp('pay', `priority: 1.5, appliedTo: [{podSelector: {}}], ${ALLOW}`)])).toBe('allowed');
    expect(ask([acnp(`priority: 1, ${toApi}, ${DROP}`), annp('pay', `priority: 1.5, appliedTo: [{podSelector: {}}], ${ALLOW}`)])).toBe('denied');
  });

  test('CNP Admin stands at 220', () => {
    expect(ask([admin('Accept'), acnp(`tier: platform, priority: 1, ${toApi}, ${DROP}`)])).toBe('denied');
    expect(ask([admin('Accept'), tier('mine', 221), acnp(`tier: mine, priority: 1, ${toApi}, ${DROP}`)])).toBe('allowed');
    expect(ask([admin('Accept'), tier('mine', 219), acnp(`tier: mine, priority: 1, ${toApi}, ${DROP}`)])).toBe('denied');
  });

  test('v1alpha1 ANP stands at 251, where its gate is on', () => {
    const anp = '{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: a}, spec: {priority: 5, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}}';
    const gate = { AdminNetworkPolicy: 'true' };
    expect(ask([anp], 'shop/web', 'pay/api', '80/TCP', gate)).toBe('denied');
    expect(ask([anp, acnp(`priority: 10000, ${toApi}, ${ALLOW}`)], 'shop/web', 'pay/api', '80/TCP', gate)).toBe('allowed');
    expect(ask([anp, np('pay', '{podSelector: {}, ingress: [{}]}')], 'shop/web', 'pay/api', '80/TCP', gate)).toBe('denied');
    const off = antrea([anp]);
    expect(off.allows('shop/web', 'pay/api', '80/TCP').verdict).toBe('allowed');
    expect(off.issues.map(({ code }) => code)).toEqual(['api-not-served']);
  });

  test('Pass leaves all regular tiers for NetworkPolicy', () => {
    const pass = acnp(`tier: emergency, priority: 1, ${toApi}, ingress: [{action: Pass}]`);
    expect(ask([pass, acnp(`tier: application, priority: 1, ${toApi}, ${DROP}`)])).toBe('allowed');
    expect(ask([pass, acnp(`tier: application, priority: 1, ${toApi}, ${ALLOW}`), CLOSED])).toBe('denied');
    expect(ask([pass, acnp(`tier: baseline, priority: 1, ${toApi}, ${DROP}`)])).toBe('denied');
  });

  test('a tier that the input does not have may stand anywhere', () => {
    const answer = antrea([acnp(`tier: lost, priority: 1, ${toApi}, ${DROP}`), acnp(`priority: 1, ${toApi}, ${ALLOW}`)]).allows('shop/web', 'pay/api', '80/TCP');
    expect(answer).toMatchObject({ verdict: 'depends', conditions: [{ kind: 'unevaluated-field', why: 'the input has no object of the tier lost: its order is not known' }] });
  });

  test('the gate ClusterNetworkPolicy is off by default, and needs 2.7: what is not served is reported', () => {
    const off = antrea([admin('Deny')]);
    expect(off.allows('shop/web', 'pay/api', '80/TCP').verdict).toBe('allowed');
    expect(off.issues.map(({ code }) => code)).toEqual(['api-not-served']);
    expect(() => antrea([admin('Deny')], CNP, '2.6')).toThrow('is a setting of Antrea 2.7 and later');
  });
});

describe('equal tier and priority', () => {
  const rules = (...actions: readonly string[]): string => `ingress: [${actions.map((action) => `{action: ${action}, ports: [{port: ${action.startsWith('Pass') ? 1 : 80}}]}`).join(', ')}]`;

  test('the rule index decides', () => {
    expect(ask([acnp(`priority: 5, ${toApi}, ${rules('Pass', 'Drop')}`), acnp(`priority: 5, ${toApi}, ${rules('Allow')}`)])).toBe('allowed');
    expect(ask([acnp(`priority: 5, ${toApi}, ${rules('Drop')}`), acnp(`priority: 5, ${toApi}, ${rules('Pass', 'Allow')}`)])).toBe('denied');
  });

  test('only the same index is undefined', () => {
    const answer = antrea([acnp(`priority: 5, ${toApi}, ${rules('Allow')}`), acnp(`priority: 5, ${toApi}, ${rules('Drop')}`)]).allows('shop/web', 'pay/api', '80/TCP');
    expect(answer).toMatchObject({ verdict: 'depends', conditions: [{ kind: 'priority-tie' }] });
    expect(ask([acnp(`priority: 5, ${toApi}, ${rules('Drop')}`), acnp(`priority: 5, ${toApi}, ${rules('Drop')}`)])).toBe('denied');
  });

  test('a rule that became several because of source ports keeps its index', () => {
    const two = acnp(`priority: 5, ${toApi}, ingress: [{action: Allow, ports: [{port: 1, sourcePort: 1}, {port: 2, sourcePort: 2}]}, {action: Allow, ports: [{port: 80}]}]`);
    expect(antrea([two, acnp(`priority: 5, ${toApi}, ${rules('Pass', 'Drop')}`)]).allows('shop/web', 'pay/api', '80/TCP').verdict).toBe('depends');
  });
});

describe('namespaces that are alike', () => {
  const labelled = (name: string, labels: string): string => `{apiVersion: v1, kind: Namespace, metadata: {name: ${name}, labels: {${labels}}}}`;
  const pod = (namespace: string): string => `{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: ${namespace}}, spec: {containers: [{name: c}]}}`;
  const cluster = ['a', 'b', 'c', 'd'].map(pod).concat(labelled('a', 'org: x, region: e'), labelled('b', 'org: x, region: e'), labelled('c', 'org: x, region: w'), labelled('d', 'org: x'));
  const same = (keys: string, more = 'ingress'): string => acnp(`priority: 1, appliedTo: [{namespaceSelector: {}}], ${more}: [{action: Allow, from: [{namespaces: ${keys}}]}, {action: Drop}]`);

  test.each([
    ['{sameLabels: [org]}', 'a/p', 'c/p', 'allowed'], ['{sameLabels: [org, region]}', 'a/p', 'b/p', 'allowed'], ['{sameLabels: [org, region]}', 'a/p', 'c/p', 'denied'],
    ['{match: Self}', 'a/p', 'b/p', 'denied'], ['{match: Self}', 'shop/db', 'shop/web', 'allowed'],
  ])('%s: %s to %s is %s', (keys, from, to, expected) => {
    expect(ask([...cluster, same(keys)], from, to)).toBe(expected);
  });

  test('sameLabels: only the rule is skipped in namespaces that lack a key, not the policy', () => {
    expect(ask([...cluster, same('{sameLabels: [org, region]}')], 'd/p', 'd/p')).toBe('allowed');
    expect(ask([...cluster, same('{sameLabels: [org, region]}')], 'a/p', 'd/p')).toBe('denied');
  });

  test('the list says what answers say', () => {
    const listed = antrea([...cluster, same('{match: Self}')]).connections().flatMap(({ source, destination }) => (
      source.kind === 'workload' && destination.kind === 'workload' && source.namespace !== 'pay' && destination.namespace !== 'pay' ? [`${source.namespace} ${destination.namespace}`] : []));
    expect([...new Set(listed)]).toEqual(['shop shop']);
  });
});

describe('addresses and groups', () => {
  test('ipBlock matches pods', () => {
    expect(ask([acnp(`priority: 1, ${toApi}, ingress: [{action: Drop, from: [{ipBlock: {cidr: 10.0.1.1/32}}]}]`)])).toBe('denied');
  });

  test('an ACNP applied to an ipBlock group does nothing', () => {
    expect(ask([group('g', 'ipBlocks: [{cidr: 10.0.1.2/32}]'), acnp(`priority: 1, appliedTo: [{group: g}], ${DROP}`)])).toBe('allowed');
    expect(ask([group('g', 'ipBlocks: [{cidr: 10.0.1.1/32}]'), acnp(`priority: 1, ${toApi}, ingress: [{action: Drop, from: [{group: g}]}]`)])).toBe('denied');
  });

  test('a group that is not there has nobody in it, and is reported', () => {
    const analysis = antrea([acnp(`priority: 1, ${toApi}, ingress: [{action: Drop, from: [{group: gone}]}]`)]);
    expect(analysis.allows('shop/web', 'pay/api', '80/TCP').verdict).toBe('allowed');
    expect(analysis.issues.map(({ code, message }) => [code, message.replace(/acnp-\d+/, 'x')]))
      .toEqual([['missing-group', 'ClusterNetworkPolicy x names the ClusterGroup gone, which is not in the input: nobody is in it']]);
  });

  test('one level of nesting is documented, more is not evaluated', () => {
    const nested = [group('a', 'podSelector: {matchLabels: {app: web}}'), group('b', 'childGroups: [a]'), group('c', 'childGroups: [b]')];
    const from = (name: string): string => acnp(`priority: 1, ${toApi}, ingress: [{action: Drop, from: [{group: ${name}}]}]`);
    expect(ask([...nested, from('b')])).toBe('denied');
    expect(ask([...nested, from('c')])).toBe('depends');
  });

  test('a group of a namespace with pods of others cannot say for certain whom a policy is about', () => {
    const own = `{apiVersion: ${API}, kind: Group, metadata: {name: g, namespace: pay}, spec: {podSelector: {}, namespaceSelector: {}}}`;
    expect(ask([own, annp('pay', `priority: 1, appliedTo: [{group: g}], ${DROP}`)])).toBe('depends');
  });

  test('pods of a service account', () => {
    const of = (account: string): string => acnp(`priority: 1, appliedTo: [{serviceAccount: {name: ${account}, namespace: shop}}], egress: [{action: Drop}]`);
    expect(ask([of('web')])).toBe('denied');
    expect(ask([of('web')], 'shop/db', 'pay/api')).toBe('allowed');
  });

  test('domain names decide about addresses outside, and about pods where they may be those of a headless Service', () => {
    const to = (fqdn: string): string => acnp(`priority: 1, ${ofWeb}, egress: [{action: Allow, to: [{fqdn: "${fqdn}"}]}, {action: Drop}]`);
    expect(antrea([to('api.stripe.com')]).allows('shop/web', '8.8.8.8', '443/TCP')).toMatchObject({ verdict: 'depends', conditions: [{ kind: 'fqdn' }] });
    expect(ask([to('api.stripe.com')])).toBe('denied');
    expect(ask([to('api.pay.svc.cluster.local')])).toBe('depends');
  });
});

describe('baseline', () => {
  const isolated = acnp(`tier: baseline, priority: 1, appliedTo: [{namespaceSelector: {}}], ${DROP}, egress: [{action: Drop}]`);

  test('is skipped per direction for pods that any NetworkPolicy isolates', () => {
    expect(ask([isolated])).toBe('denied');
    expect(ask([isolated, np('pay', '{podSelector: {}, ingress: [{}]}')])).toBe('denied');
    expect(ask([isolated, np('pay', '{podSelector: {}, ingress: [{}]}'), np('shop', '{podSelector: {}, policyTypes: [Egress], egress: [{}]}')])).toBe('allowed');
  });

  test('cannot undo isolation, and comes before the Baseline of ClusterNetworkPolicy', () => {
    const allow = acnp(`tier: baseline, priority: 1, ${toApi}, ${ALLOW}`);
    expect(ask([allow, CLOSED])).toBe('denied');
    expect(ask([allow, base('Deny')])).toBe('allowed');
    expect(ask([base('Deny')])).toBe('denied');
  });
});

describe('nodes', () => {
  test('own node -> pod always allowed', () => {
    const drop = acnp(`priority: 1, ${toApi}, ${DROP}`);
    expect(ask([drop], '192.0.2.1', 'pay/api')).toBe('allowed');
    expect(ask([drop], '192.0.2.2', 'pay/api')).toBe('denied');
    expect(ask([acnp(`priority: 1, ${ofWeb}, egress: [{action: Drop}]`)], 'shop/web', '192.0.2.1')).toBe('denied');
  });

  test('policies about nodes hold where NodeNetworkPolicy is on, for nodes and for pods in their network', () => {
    const drop = acnp('priority: 1, appliedTo: [{nodeSelector: {matchLabels: {zone: b}}}], ingress: [{action: Drop, ports: [{port: 80}]}]');
    const on = { NodeNetworkPolicy: 'true' };
    expect(ask([drop], 'shop/web', 'pay/agent')).toBe('allowed');
    expect(ask([drop], 'shop/web', 'pay/agent', '80/TCP', on)).toBe('denied');
    expect(ask([drop], 'shop/web', '192.0.2.2', '80/TCP', on)).toBe('denied');
    expect(ask([drop], 'shop/web', '192.0.2.1', '80/TCP', on)).toBe('allowed');
    expect(ask([drop], 'shop/web', 'shop/db', '80/TCP', on)).toBe('allowed');
  });

  test('a policy about pods is not about nodes, nor about pods in their network', () => {
    expect(ask([acnp(`priority: 1, appliedTo: [{namespaceSelector: {}}], ${DROP}`)], 'shop/web', 'pay/agent', '80/TCP', { NodeNetworkPolicy: 'true' })).toBe('allowed');
  });
});

describe('Services', () => {
  const drop = acnp(`priority: 1, ${ofWeb}, egress: [{action: Drop, toServices: [{name: api, namespace: pay}]}]`);

  test('toServices matches the address that is dialled, not the pods behind it', () => {
    expect(ask([SERVICE, drop], 'shop/web', 'svc/pay/api')).toBe('denied');
    expect(ask([SERVICE, drop], 'shop/web', 'pay/api', '8080/TCP')).toBe('allowed');
  });

  test('a list cannot know what will be dialled', () => {
    const rows = antrea([SERVICE, drop]).connections().filter(({ source, destination }) => source.kind === 'workload' && source.name === 'web' && destination.kind === 'workload' && destination.name === 'api');
    expect(rows.map(({ ports, conditions }) => [ports, conditions.map(({ kind }) => kind)])).toEqual([
      [{ SCTP: 'all', TCP: '1-8079,8081-65535', UDP: 'all' }, []], [{ TCP: '8080' }, ['address']],
    ]);
  });

  test('without AntreaProxy toServices matches nothing', () => {
    expect(ask([SERVICE, drop], 'shop/web', 'svc/pay/api', '80/TCP', { antreaProxy: 'false' })).toBe('allowed');
  });

  test('what a pod sends to itself through its Service is permitted at ingress, with AntreaProxy', () => {
    const own = acnp(`priority: 1, ${toApi}, ${DROP}`);
    expect(ask([SERVICE, own], 'pay/api', 'svc/pay/api')).toBe('allowed');
    expect(ask([SERVICE, acnp(`priority: 1, ${toApi}, egress: [{action: Drop}]`)], 'pay/api', 'svc/pay/api')).toBe('denied');
    expect(ask([SERVICE, own], 'pay/api', 'svc/pay/api', '80/TCP', { antreaProxy: 'false' })).toBe('depends');
  });

  test('a policy about a NodePort Service depends for clients from outside, and is nothing to pods', () => {
    const closed = acnp(`priority: 1, appliedTo: [{service: {name: api, namespace: pay}}], ${DROP}`);
    expect(ask([SERVICE, closed], '8.8.8.8', 'pay/api', '8080/TCP')).toBe('depends');
    expect(ask([SERVICE, closed], 'shop/web', 'pay/api', '8080/TCP')).toBe('allowed');
  });
});

describe('content and protocols', () => {
  test('a layer 7 rule decides about all that it matches: the rest of the content is dropped', () => {
    const http = acnp(`priority: 1, ${toApi}, ingress: [{action: Allow, ports: [{port: 80}], l7Protocols: [{http: {path: /a}}]}]`);
    expect(antrea([http]).allows('shop/web', 'pay/api', '80/TCP')).toMatchObject({ verdict: 'depends', conditions: [{ kind: 'l7' }] });
    expect(ask([http, acnp(`priority: 2, ${toApi}, ${DROP}`)])).toBe('depends');
    expect(ask([http], 'shop/web', 'pay/api', '81/TCP')).toBe('allowed');
  });

  test('ICMP by type and code, IGMP by its protocol', () => {
    const echo = acnp(`priority: 1, ${toApi}, ingress: [{action: Drop, protocols: [{icmp: {icmpType: 8, icmpCode: 0}}, {igmp: {}}]}]`);
    expect(ask([echo], 'shop/web', 'pay/api', 'ICMP/8/0')).toBe('denied');
    expect(ask([echo], 'shop/web', 'pay/api', 'ICMPv6/8/0')).toBe('denied');
    expect(ask([echo], 'shop/web', 'pay/api', 'ICMP/0/0')).toBe('allowed');
    expect(ask([echo], 'shop/web', 'pay/api', 'IP/2')).toBe('denied');
    expect(ask([echo])).toBe('allowed');
  });

  test('source ports: those of an ordinary client match a rule that has them all, others have to be asked for', () => {
    const drop = (from: number, to: number): string => acnp(`priority: 1, ${toApi}, ingress: [{action: Drop, ports: [{port: 80, sourcePort: ${from}, sourceEndPort: ${to}}]}]`);
    expect(ask([drop(1024, 65535)])).toBe('denied');
    expect(ask([drop(1, 1024)])).toBe('depends');
    expect(antrea([drop(1, 1024)]).allows('shop/web', 'pay/api', { ...parsePort('80/TCP'), sourcePort: 1000 }).verdict).toBe('denied');
    expect(antrea([drop(1, 1024)]).allows('shop/web', 'pay/api', { ...parsePort('80/TCP'), sourcePort: 40000 }).verdict).toBe('allowed');
  });
});

test('AntreaPolicy=false leaves NetworkPolicy alone', () => {
  const off = antrea([acnp(`priority: 1, ${toApi}, ${DROP}`), admin('Deny')], { AntreaPolicy: 'false', ClusterNetworkPolicy: 'true' });
  expect(off.allows('shop/web', 'pay/api', '80/TCP').verdict).toBe('allowed');
  expect(off.issues.map(({ code }) => code)).toEqual(['api-not-served', 'api-not-served']);
  expect(antrea([CLOSED], { AntreaPolicy: 'false' }).allows('shop/web', 'pay/api', '80/TCP').verdict).toBe('denied');
});

test('settings of another CNI are refused', () => {
  expect(() => antrea([], { 'enable-policy': 'always' })).toThrow('is not a setting of Antrea');
});

test('explain names the layer and the rules of one place that disagree', () => {
  const { ingress } = antrea([acnp(`priority: 5, ${toApi}, ${ALLOW}`), acnp(`priority: 5, ${toApi}, ${DROP}`), acnp(`priority: 6, ${toApi}, ${DROP}`)]).explain('shop/web', 'pay/api', '80/TCP');
  expect(ingress.layers.map(({ layer, verdict, reasons }) => [layer, verdict, reasons.map(({ effect }) => effect)])).toEqual([['tiers', 'depends', ['allows', 'denies']]]);
});
