import { peerKey, policyKey, ruleKey, termKey } from '../../../lib/policy';
import { read } from './documents';

const spec = (direction: string, rule: string, more = 'appliedTo: [{ podSelector: {} }]'): string => `{ priority: 1, ${more}, ${direction}: [${rule}] }`;
const rules = (kind: string, direction: string, rule: string, more?: string): string[] => read(kind, spec(direction, rule, more)).policy!.rules.map(ruleKey);
const issues = (kind: string, text: string): string[] => read(kind, text).issues.map(({ code, path }) => `${code} ${path}`);

describe('peers', () => {
  const peer = (kind: string, text: string, direction = 'egress'): string => rules(kind, direction, `{ action: Allow, ${direction === 'egress' ? 'to' : 'from'}: [${text}] }`)[0]!
    .replace(`${direction} allow `, '').replace(' : *', '');

  test.each([
    ['{ podSelector: { matchLabels: { app: web } } }', 'pods {}/app=web', 'pods shop/app=web'],
    ['{ namespaceSelector: {} }', 'pods {}/*', 'pods {}/*'],
    ['{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: pay } }, podSelector: {} }', 'pods pay/*', 'pods pay/*'],
    ['{ ipBlock: { cidr: 10.0.0.0/8, except: [10.1.0.0/16] } }', 'ip 10.0.0.0/8 except 10.1.0.0/16', 'ip 10.0.0.0/8 except 10.1.0.0/16'],
    ['{ group: g }', 'ClusterGroup g', 'Group shop/g'],
    ['{ nodeSelector: { matchLabels: { zone: a } } }', 'nodes zone=a', 'nodes zone=a'],
    ['{ fqdn: api.example.com }', 'domain api.example.com', 'domain api.example.com'],
    ['{ fqdn: "*.Example.com" }', 'domain **.example.com', 'domain **.example.com'],
    ['{ fqdn: "*example.com" }', 'domain *example.com', 'domain *example.com'],
    ['{ podSelector: {}, scope: ClusterSet }', 'entity world & unevaluated spec.egress[0].to[0] means pods of other clusters as well | pods {}/*',
      'entity world & unevaluated spec.egress[0].to[0] means pods of other clusters as well | pods shop/*'],
  ])('%s', (text, ofCluster, ofNamespace) => {
    expect(peer('ClusterNetworkPolicy', text)).toBe(ofCluster);
    expect(peer('NetworkPolicy', text)).toBe(ofNamespace);
  });

  test.each([
    ['{ namespaces: { match: Self } }', 'pods same kubernetes.io/metadata.name/*'],
    ['{ namespaces: { sameLabels: [org, region] }, podSelector: { matchLabels: { app: web } } }', 'pods same org+region/app=web'],
    ['{ serviceAccount: { name: sa, namespace: pay } }', 'pods pay/internal.antrea.io/service-account=sa'],
  ])('of the cluster: %s', (text, expected) => {
    expect(peer('ClusterNetworkPolicy', text, 'ingress')).toBe(expected);
  });

  test('an external entity is an address outside that nobody knows', () => {
    expect(peer('NetworkPolicy', '{ externalEntitySelector: {} }', 'ingress')).toContain('entity world & unevaluated');
  });

  test('a list that is empty or left out is everybody', () => {
    expect(rules('ClusterNetworkPolicy', 'ingress', '{ action: Drop, from: [] }, { action: Reject }')).toEqual(['ingress deny * : *', 'ingress deny * : *']);
  });

  test('what may be the name of a headless Service may be its pods', () => {
    expect(peer('NetworkPolicy', '{ fqdn: db.shop.svc.cluster.local }')).toContain('pods {}/* & unevaluated');
    expect(peer('NetworkPolicy', '{ fqdn: "*.local" }')).toContain('pods {}/* & unevaluated');
    expect(peer('NetworkPolicy', '{ fqdn: "*.localhost" }')).toBe('domain **.localhost');
  });

  test('Services by the address that is dialled, in the own namespace where none is given', () => {
    expect(rules('NetworkPolicy', 'egress', '{ action: Drop, toServices: [{ name: api }, { name: db, namespace: pay }] }')).toEqual(['egress deny dialled pay/db | dialled shop/api : *']);
    expect(rules('NetworkPolicy', 'egress', '{ action: Drop, toServices: [] }')).toEqual(['egress deny * : *']);
  });
});

describe('ports and protocols', () => {
  const ports = (text: string): string[] => rules('NetworkPolicy', 'ingress', `{ action: Allow, ${text} }`).map((key) => key.replace('ingress allow ', ''));

  test.each([
    ['ports: [{ port: 80 }]', ['* : 80/TCP']],
    ['ports: [{ protocol: UDP, port: 80, endPort: 90 }, { protocol: SCTP }]', ['* : 80-90/UDP,all/SCTP']],
    ['ports: [{ port: http }]', ['* : http/TCP']],
    ['protocols: [{ icmp: {} }]', ['* : protocol 1,protocol 58']],
    ['protocols: [{ icmp: { icmpType: 8, icmpCode: 0 } }], ports: [{ port: 80 }]', ['* : 80/TCP,protocol 1 type 8 code 0,protocol 58 type 8 code 0']],
    ['protocols: [{ igmp: {} }]', ['* : protocol 2']],
    ['ports: [{ port: 80, sourcePort: 1000, sourceEndPort: 2000 }, { port: 443 }]', ['* : 443/TCP', '* : 80/TCP ; sourcePorts 1000-2000/TCP']],
    ['ports: [{ port: 80, sourcePort: 10 }, { port: 443, sourcePort: 10 }, { port: 80, sourcePort: 20 }, { port: 443, sourcePort: 20 }]', ['* : 80/TCP,443/TCP ; sourcePorts 10/TCP,20/TCP']],
    ['ports: [{ port: 80, sourcePort: 10 }, { protocol: UDP, port: 53, sourcePort: 20 }]', ['* : 80/TCP ; sourcePorts 10/TCP', '* : 53/UDP ; sourcePorts 20/UDP']],
  ])('%s', (text, expected) => {
    expect(ports(text)).toEqual(expected);
  });

  test('a code without a type, and types of IGMP, may match or not', () => {
    expect(ports('protocols: [{ icmp: { icmpCode: 0 } }]')[0]).toContain('unevaluated spec.ingress[0].protocols[0].icmp');
    expect(ports('protocols: [{ igmp: { igmpType: 17 } }]')[0]).toContain('unevaluated spec.ingress[0].protocols[0].igmp');
  });

  test('port 0 is told and matches nothing', () => {
    const { policy, issues: found } = read('NetworkPolicy', spec('ingress', '{ action: Allow, ports: [{ port: 0 }] }'));
    expect(policy!.rules).toEqual([]);
    expect(found.map(({ code, path }) => [code, path])).toEqual([['no-effect', 'spec.ingress[0].ports[0].port']]);
  });

  test('rules keep the place at which they were written', () => {
    const { policy } = read('NetworkPolicy', spec('ingress', '{ action: Drop, ports: [{ port: 1, sourcePort: 1 }, { port: 2, sourcePort: 2 }] }, { action: Allow }'));
    expect(policy!.rules.map(({ index }, position) => index ?? position)).toEqual([0, 0, 1]);
  });
});

describe('appliedTo', () => {
  const subject = (kind: string, appliedTo: string): string[] => {
    const { policy } = read(kind, `{ priority: 1, appliedTo: ${appliedTo}, ingress: [{ action: Drop }] }`);
    return [termKey(policy!.subject), ...(policy!.rules[0]!.subject ?? []).map(peerKey)];
  };

  test.each([
    ['[{ podSelector: { matchLabels: { app: web } } }]', ['pods {}/app=web']],
    ['[{ namespaceSelector: { matchLabels: { team: a } } }]', ['pods {team=a}/*']],
    ['[{ serviceAccount: { name: sa, namespace: pay } }]', ['pods pay/internal.antrea.io/service-account=sa']],
    ['[{ group: g }]', ['pods {}/*', 'ClusterGroup g']],
    ['[{ nodeSelector: { matchLabels: { zone: a } } }]', ['pods {}/*', 'nodes zone=a']],
    ['[{ podSelector: { matchLabels: { app: a } } }, { podSelector: { matchLabels: { app: b } } }]', ['pods {}/*', 'pods {}/app=a', 'pods {}/app=b']],
    ['[{ podSelector: {} }, { group: g }]', ['pods {}/*']],
  ])('of the cluster: %s', (appliedTo, expected) => {
    expect(subject('ClusterNetworkPolicy', appliedTo)).toEqual(expected);
  });

  test('of a namespace: its own pods', () => {
    expect(subject('NetworkPolicy', '[{ podSelector: { matchLabels: { app: web } } }]')).toEqual(['pods shop/app=web']);
    expect(subject('NetworkPolicy', '[{ group: g }]')).toEqual(['pods shop/*', 'Group shop/g']);
  });

  test('in each rule', () => {
    const { policy } = read('ClusterNetworkPolicy', '{ priority: 1, ingress: [{ action: Drop, appliedTo: [{ podSelector: { matchLabels: { app: a } } }] }, { action: Drop, appliedTo: [{ namespaceSelector: {} }] }] }');
    expect(policy!.rules.map((each) => each.subject?.map(peerKey))).toEqual([['pods {}/app=a'], undefined]);
  });

  test('a Service is about clients from outside, of whom nobody knows how they come in', () => {
    const { policy } = read('ClusterNetworkPolicy', '{ priority: 1, appliedTo: [{ service: { name: s, namespace: shop } }], ingress: [{ action: Drop, from: [{ ipBlock: { cidr: 192.0.2.0/24 } }] }] }');
    expect(policy!.rules[0]!.peers!.map(peerKey)).toEqual(['entity world & ip 192.0.2.0/24']);
    expect(policy!.rules[0]!.subject!.map(peerKey)[0]).toContain('pods behind shop/s & unevaluated');
  });
});

describe('policies', () => {
  test('do not isolate, and live in the tier application where they name none', () => {
    expect(policyKey(read('ClusterNetworkPolicy', '{ priority: 1.5, appliedTo: [{ podSelector: {} }] }').policy!)).toBe('x\nantrea/application@1.5\npods {}/*\n\nenforced');
    expect(read('NetworkPolicy', '{ tier: SecurityOps, priority: 1, appliedTo: [{ podSelector: {} }] }').policy!.tier.name).toBe('antrea/securityops');
    expect(read('NetworkPolicy', '{ tier: MyTier, priority: 1, appliedTo: [{ podSelector: {} }] }').policy!.tier.name).toBe('antrea/MyTier');
  });

  test('rules are logged, named and narrowed by content', () => {
    const { policy } = read('NetworkPolicy', spec('egress', '{ action: Allow, name: n, enableLogging: true, logLabel: l, l7Protocols: [{ http: { path: /a } }] }, { action: Drop, logLabel: l }'));
    expect(policy!.rules).toMatchObject([{ name: 'n', log: { label: 'l' }, l7: 'spec.egress[0].l7Protocols: which requests pass depends on their content' }, {}]);
    expect(policy!.rules[1]!.log).toBeUndefined();
  });
});

describe('tiers and groups', () => {
  test('a tier has its priority, and leaves what it does not decide to the next one', () => {
    expect(read('Tier', '{ priority: 10, description: mine }').tier).toEqual({ tier: { name: 'antrea/x' }, order: 10, defaultAction: 'pass' });
  });

  test.each([
    ['Group', '{ podSelector: { matchLabels: { app: a } } }', ['pods shop/app=a']],
    ['ClusterGroup', '{ podSelector: { matchLabels: { app: a } } }', ['pods {}/app=a']],
    ['ClusterGroup', '{ namespaceSelector: { matchLabels: { team: a } } }', ['pods {team=a}/*']],
    ['ClusterGroup', '{ ipBlocks: [{ cidr: 10.0.0.0/8 }, { cidr: 192.0.2.0/24 }] }', ['ip 10.0.0.0/8', 'ip 192.0.2.0/24']],
    ['ClusterGroup', '{ serviceReference: { name: s, namespace: pay } }', ['pods behind pay/s']],
    ['Group', '{ serviceReference: { name: s } }', ['pods behind shop/s']],
    ['ClusterGroup', '{ childGroups: [a, b] }', ['ClusterGroup a', 'ClusterGroup b']],
    ['Group', '{ childGroups: [a] }', ['Group shop/a']],
    ['ClusterGroup', '{ nodeSelector: {} }', ['nodes *']],
    ['ClusterGroup', '{}', ['unevaluated whom a group without any selector means is not documented']],
  ])('%s %s', (kind, text, expected) => {
    expect(read(kind, text).group!.members.map(peerKey)).toEqual(expected);
  });
});

describe('issues', () => {
  test('fields that the API does not know', () => {
    expect(issues('NetworkPolicy', '{ priority: 1, tiers: x, appliedTo: [{ podSelector: {}, namespaceSelector: {} }], ingress: [{ action: Allow, form: [] }] }'))
      .toEqual(['unknown-field spec.tiers', 'unknown-field spec.appliedTo[0].namespaceSelector', 'unknown-field spec.ingress[0].form']);
    expect(issues('ClusterNetworkPolicy', spec('ingress', '{ action: Allow, from: [{ podSelector: {}, fqdn: x }] }'))).toEqual(['unknown-field spec.ingress[0].from[0].fqdn']);
    expect(issues('Group', '{ podSelector: {}, nodeSelector: {} }')).toEqual(['unknown-field spec.nodeSelector']);
  });

  test('a block with host bits, and an exception outside of it', () => {
    expect(issues('NetworkPolicy', spec('ingress', '{ action: Allow, from: [{ ipBlock: { cidr: 10.1.0.1/8, except: [11.0.0.0/8] } }] }')))
      .toEqual(['host-bits spec.ingress[0].from[0].ipBlock.cidr', 'except-outside-cidr spec.ingress[0].from[0].ipBlock.except[0]']);
  });
});

describe('errors', () => {
  const acnp = (text: string): (() => unknown) => () => read('ClusterNetworkPolicy', text);
  const egress = (rule: string): string => spec('egress', rule);

  test.each([
    ['{ appliedTo: [{ podSelector: {} }] }', 'spec.priority'],
    ['{ priority: 0.5, appliedTo: [{ podSelector: {} }] }', 'a number from 1 to 10000'],
    ['{ priority: 1 }', 'spec.appliedTo'],
    ['{ priority: 1, ingress: [{ action: Drop }] }', 'is about nobody'],
    ['{ priority: 1, appliedTo: [{}], ingress: [{ action: Drop }] }', '[spec.appliedTo[0]] {} names nobody'],
    ['{ priority: 1, appliedTo: [{ group: g, podSelector: {} }] }', 'has group beside podSelector'],
    ['{ priority: 1, appliedTo: [{ service: { name: s, namespace: a } }, { podSelector: {} }] }', 'names Services beside other things'],
    ['{ priority: 1, appliedTo: [{ podSelector: {} }], ingress: [{ action: Drop, appliedTo: [{ podSelector: {} }] }] }', 'stands in a rule and in the policy'],
    [egress('{ action: Deny }'), 'spec.egress[0].action'],
    [egress('{ }'), 'spec.egress[0].action'],
    [egress('{ action: Drop, to: [{}] }'), 'names nobody'],
    [egress('{ action: Drop, to: [{ podSelector: {}, ipBlock: { cidr: 10.0.0.0/8 } }] }'), 'has ipBlock beside podSelector'],
    [egress('{ action: Drop, to: [{ namespaces: { match: Self }, namespaceSelector: {} }] }'), 'has namespaces beside namespaceSelector'],
    [egress('{ action: Drop, to: [{ namespaces: {} }] }'), 'exactly one of match, sameLabels'],
    [egress('{ action: Drop, to: [{ fqdn: "a b" }] }'), 'is not a domain name'],
    [egress('{ action: Drop, to: [{ serviceAccount: { name: x } }] }'), 'has no namespace'],
    [egress('{ action: Drop, toServices: [{ name: a, namespace: b }], ports: [{ port: 80 }] }'), 'has toServices beside ports'],
    [egress('{ action: Drop, ports: [{ endPort: 80 }] }'), 'spec.egress[0].ports[0].endPort'],
    [egress('{ action: Drop, ports: [{ port: 80, endPort: 79 }] }'), '80 or more'],
    [egress('{ action: Drop, ports: [{ sourceEndPort: 79 }] }'), 'sourceEndPort'],
    [egress('{ action: Drop, ports: [{ port: 70000 }] }'), 'is not a port number'],
    [egress('{ action: Drop, protocols: [{}] }'), 'exactly one of icmp, igmp'],
    [egress('{ action: Drop, protocols: [{ icmp: { icmpType: 256 } }] }'), 'a whole number from 0 to 255'],
    [egress('{ action: Drop, l7Protocols: [{ http: {} }] }'), 'action: Allow'],
    [egress('{ action: Drop, enableLogging: yes please }'), 'neither true nor false'],
    [egress('{ action: Drop, name: a }, { action: Allow, name: a }'), 'is the name of two rules'],
    ['{ tier: baseline, priority: 1, appliedTo: [{ podSelector: {} }], ingress: [{ action: Pass }] }', 'leaves the packet to the next tier'],
  ])('%s', (text, message) => {
    expect(acnp(text)).toThrow(message);
  });

  test.each([
    ['Tier', '{ priority: 250 }', 'is reserved'],
    ['Tier', '{ priority: 1.5 }', 'is not the priority of a tier'],
    ['ClusterGroup', '{ podSelector: {}, ipBlocks: [{ cidr: 10.0.0.0/8 }] }', 'has podSelector and ipBlocks'],
    ['ClusterGroup', '{ namespaceSelector: {}, ipBlocks: [{ cidr: 10.0.0.0/8 }] }', 'has namespaceSelector and ipBlocks'],
    ['ClusterGroup', '{ serviceReference: { name: a } }', 'has no namespace'],
  ])('%s %s', (kind, text, message) => {
    expect(() => read(kind, text)).toThrow(message);
  });
});
