import { policyId, ruleKey } from '../../../lib/policy';
import { messageOf } from '../../cluster/message-of';
import { readFqdn, readLogging } from './documents';

const rulesOf = (egress: unknown): string[] => readFqdn({ podSelector: {}, egress }).policy.rules.map(ruleKey);
const portsOf = (ports: unknown): string => rulesOf([{ matches: [{ name: 'a.com' }], ports }])[0]!.replace('egress allow domain a.com : ', '');
const domainsOf = (...matches: unknown[]): string => rulesOf([{ matches }])[0]!.replace('egress allow ', '').replace(' : *', '');

describe('FQDNNetworkPolicy', () => {
  test('isolates egress, and nothing else, of the pods that it selects', () => {
    const { policy, issues } = readFqdn({ podSelector: { matchLabels: { app: 'web' } }, egress: [{ matches: [{ name: 'api.example.com' }] }] });
    expect([policyId(policy), policy.isolates, policy.subject.pods.toString(), policy.rules.map(ruleKey)])
      .toEqual(['shop/x', ['egress'], 'app=web', ['egress allow domain api.example.com : *']]);
    expect(issues).toEqual([]);
    expect(readFqdn({ podSelector: {}, egress: [{ matches: [{ name: 'a' }] }] }, { name: 'x' }).policy.namespace).toBe('default');
  });

  test('ports: without one every port, without a protocol every protocol, without both everything', () => {
    expect(portsOf([{ protocol: 'TCP', port: 443 }, { protocol: 'UDP' }])).toBe('443/TCP,all/UDP');
    expect(portsOf([{ port: 443 }])).toBe('443/TCP,443/UDP,443/SCTP');
    expect(portsOf([{ protocol: 'ALL', port: 443 }])).toBe(portsOf([{ port: 443 }]));
    for (const everything of [undefined, [], [{}], [{ protocol: 'ALL' }], [{ protocol: 'TCP', port: 443 }, {}]]) expect(portsOf(everything)).toBe('*');
  });

  test('an asterisk is any characters but a dot, however many stand in a row: the two asterisks of the model are not meant', () => {
    expect(domainsOf({ pattern: '**.Example.com.' })).toBe('domain *.example.com');
    expect(domainsOf({ pattern: 'sub*.example.com' })).toBe('domain sub*.example.com');
    expect(domainsOf({ pattern: '*.*.example.com' })).toBe('domain *.*.example.com');
    expect(domainsOf({ pattern: '*' }, { name: 'Example.com.' })).toBe('domain * | domain example.com');
    expect(domainsOf({ pattern: '**' })).toBe('unevaluated spec.egress[0].matches[0].pattern: whether "**" is every name, as "*" is, or names without a dot is not documented');
  });

  test('an unknown field is an issue with its place', () => {
    expect(readFqdn({ podSelector: {}, ingress: [], egress: [{ to: [], matches: [{ name: 'a.com' }], ports: [{ endPort: 5 }] }] }).issues)
      .toMatchObject([{ code: 'unknown-field', path: 'spec.ingress' }, { code: 'unknown-field', path: 'spec.egress[0].to' }, { code: 'unknown-field', path: 'spec.egress[0].ports[0].endPort' }]);
  });

  test.each<[string, unknown, string]>([
    ['no selector', { egress: [{ matches: [{ name: 'a' }] }] }, '[spec.podSelector] undefined is missing. Instead: a label selector, {} for every pod of the namespace'],
    ['no egress', { podSelector: {} }, '[spec.egress] undefined is missing or empty. Instead: at least one rule'],
    ['no rules', { podSelector: {}, egress: [] }, '[spec.egress] [] is missing or empty. Instead: at least one rule'],
    ['no matches', { podSelector: {}, egress: [{ ports: [] }] }, '[spec.egress[0].matches] undefined is missing or empty. Instead: at least one entry with a name or a pattern'],
    ['name and pattern', { podSelector: {}, egress: [{ matches: [{ name: 'a', pattern: '*' }] }] }, '[spec.egress[0].matches[0]] {"name":"a","pattern":"*"} has name and pattern. Instead: exactly one of name, pattern'],
    ['neither', { podSelector: {}, egress: [{ matches: [{}] }] }, '[spec.egress[0].matches[0]] {} names nobody. Instead: exactly one of name, pattern'],
    ['a pattern as name', { podSelector: {}, egress: [{ matches: [{ name: '*.example.com' }] }] }, '[spec.egress[0].matches[0].name] "*.example.com" is not a domain name. Instead: "api.example.com"'],
    ['a URL', { podSelector: {}, egress: [{ matches: [{ pattern: 'https://example.com' }] }] }, '[spec.egress[0].matches[0].pattern] "https://example.com" is not a pattern of domain names. Instead: "*.example.com"'],
    ['SCTP', { podSelector: {}, egress: [{ matches: [{ name: 'a' }], ports: [{ protocol: 'SCTP' }] }] }, '[spec.egress[0].ports[0].protocol] "SCTP" is not one of the values that this field takes. Instead: TCP, UDP, ALL'],
    ['port 0', { podSelector: {}, egress: [{ matches: [{ name: 'a' }], ports: [{ port: 0 }] }] }, '[spec.egress[0].ports[0].port] 0 is not a port number. Instead: a whole number from 1 to 65535'],
    ['a port as text', { podSelector: {}, egress: [{ matches: [{ name: 'a' }], ports: [{ port: 'https' }] }] }, '[spec.egress[0].ports[0].port] "https" is not a port number. Instead: a whole number from 1 to 65535'],
  ])('%s is refused with its place', (_, spec, message) => {
    expect(messageOf(() => readFqdn(spec))).toBe(message);
  });
});

describe('NetworkLogging', () => {
  test('is a document without a policy', () => {
    expect(readLogging({ cluster: { allow: { log: true, delegate: true }, deny: { log: false } } })).toEqual({ issues: [] });
    expect(readLogging(undefined)).toEqual({ issues: [] });
  });

  test('unknown fields are issues', () => {
    expect(readLogging({ cluster: { denied: {}, deny: { logs: true } } }).issues)
      .toMatchObject([{ code: 'unknown-field', path: 'spec.cluster.denied' }, { code: 'unknown-field', path: 'spec.cluster.deny.logs' }]);
  });

  test.each<[string, () => unknown, string]>([
    ['another name', () => readLogging({}, 'mine'), '[metadata.name] "mine" is not the name of a NetworkLogging. Instead: "default": a cluster has one'],
    ['a word for a flag', () => readLogging({ cluster: { deny: { log: 'yes' } } }), '[spec.cluster.deny.log] "yes" is neither true nor false. Instead: true or false'],
    ['a delegation without a log', () => readLogging({ cluster: { deny: { delegate: true } } }), '[spec.cluster.deny] {"delegate":true} delegates what is not logged. Instead: log: true beside delegate: true'],
  ])('%s is refused', (_, read, message) => expect(messageOf(read)).toBe(message));
});
