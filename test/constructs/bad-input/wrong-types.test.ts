import { Construct } from 'constructs';
import {
  AdmissionGuardrails, AllowFromApiServer, AllowFromIngressController, AllowFromIpBlock, AllowFromMonitoring, AllowFromNamespaces, AllowFromPods,
  AllowToApiServer, AllowToDns, AllowToIpBlock, AllowToPods, AllowToService, AllowWithin, DefaultDenyNamespace, Dns, EgressProxy,
  GuardrailAction, IngressController, MetadataBlock, Monitoring, Namespaces, Pods, Port, Requester, RolloutStage, ServiceBackend,
} from '../../../lib';
import { anything, OWNER, sampleApp } from './sample-app';

type Class = new (scope: Construct, id: string, props: never) => Construct;
type Props = Readonly<Record<string, unknown>>;

const pods = Pods.withLabels({ app: 'web' });
const rule = { ports: [Port.tcp(80)], namespace: 'pay', policyName: 'mine' };
const cidrs = { cidrs: ['198.51.100.0/24'], exceptions: ['198.51.100.7/32'], includeCluster: false };

/** Every construct with all of its props, all of them right. */
const CONSTRUCTS: ReadonlyArray<[Class, Props]> = [
  [AllowFromPods, { ...rule, from: pods, to: pods, reciprocal: true }],
  [AllowToPods, { ...rule, from: pods, to: pods, reciprocal: true }],
  [AllowWithin, { ...rule, pods }],
  [AllowFromNamespaces, { ...rule, from: Namespaces.all(), to: pods, reciprocal: true }],
  [AllowFromMonitoring, { ...rule, from: Monitoring.alloy(), to: pods, reciprocal: true }],
  [AllowFromIngressController, { ...rule, from: IngressController.kong(), to: pods, reciprocal: true }],
  [AllowFromIpBlock, { ...rule, ...cidrs, to: pods }],
  [AllowToIpBlock, { ...rule, ...cidrs, from: pods }],
  [AllowFromApiServer, { ...rule, to: pods }],
  [AllowToApiServer, { namespace: 'pay', policyName: 'mine', from: pods }],
  [AllowToDns, { namespace: 'pay', from: pods, dns: Dns.coreDns() }],
  [AllowToService, { namespace: 'pay', policyName: 'mine', from: pods, reciprocal: true, service: ServiceBackend.known({ namespace: 'data', labels: { app: 'db' }, targetPorts: [Port.tcp(1)] }) }],
  [DefaultDenyNamespace, { name: 'data', owner: OWNER, stage: RolloutStage.ENFORCE, create: true, labels: { team: 'a' }, allowDns: true }],
  [EgressProxy, { owner: OWNER, domains: ['example.com'], namespace: 'out', create: true, stage: RolloutStage.ENFORCE, replicas: 2, image: `squid@sha256:${'0'.repeat(64)}` }],
  [EgressProxy, { existing: { host: 'proxy', port: 3128, namespace: 'proxy', labels: { app: 'squid' } } }],
  [MetadataBlock, { exemptions: [{ namespace: 'pay', reason: 'it reads labels of its node' }], additionalAddresses: ['10.1.1.1'] }],
  [AdmissionGuardrails, {
    deployers: [Requester.user('ci')], ownerGroup: '{team}', rollbackGroup: 'on-call', actions: { noAnyPeer: GuardrailAction.WARN }, ownerLabels: ['team'],
    exemptions: [{ namespace: 'pay', reason: 'it goes in a month' }],
  }],
];

/** What plain JavaScript may bring; a string that is a name, an object and a list of them, so that each may be near the mark. */
const WRONG: readonly unknown[] = [null, 0, NaN, 8080, 7n, '', 'x', true, Symbol('x'), () => 'x', [], [null], [undefined], [5], ['x'], [{}], {}, { x: 1 }, new Map(), new Date(0)];

/** Where one of these is right: names are text, flags are flags, an empty list is no exception. */
const RIGHT: Readonly<Record<string, readonly unknown[]>> = {
  namespace: ['x'], policyName: ['x'], name: ['x'], create: [true], allowDns: [true], reciprocal: [true], includeCluster: [true], replicas: [], labels: [],
  rollbackGroup: ['x'],
};
const EMPTY_IS_RIGHT = ['exceptions', 'exemptions', 'additionalAddresses', 'ownerLabels'];

function isRight(prop: string, value: unknown): boolean {
  if (RIGHT[prop]?.includes(value) === true) return true;
  if (EMPTY_IS_RIGHT.includes(prop) && Array.isArray(value) && value.length === 0) return true;
  if (prop === 'ownerLabels' && Array.isArray(value) && value[0] === 'x') return true;
  // No own labels or actions at all: an empty object, a Map, a Date.
  return ['labels', 'actions'].includes(prop) && typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

/** The error of a construct with these props; undefined where it is built and the app synthesizes. */
function errorOf(build: Class, props: unknown): Error | undefined {
  const { app, pay } = sampleApp({ apiServer: { addresses: ['192.0.2.10/32'] } });
  try {
    new build(pay, 'x', anything(props));
    app.synthYaml();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

describe.each(CONSTRUCTS.map(([build, props]) => [`${build.name} with ${Object.keys(props).join(', ')}`, build, props] as const))('%s', (_, build, props) => {
  test('is built with the right props', () => {
    expect(errorOf(build, props)).toBeUndefined();
  });

  test.each(Object.keys(props))('a wrong "%s" is refused with its name or value, never with a stack of JavaScript', (prop) => {
    for (const value of WRONG.filter((each) => !isRight(prop, each))) {
      const error = errorOf(build, { ...props, [prop]: value });
      expect([typeof value, value, error?.name]).toEqual([typeof value, value, 'PolicyError']);
      expect(error?.message).toMatch(/^\[chart\/pay\/x.*\] .+\. Instead: ./s);
    }
  });

  test('wrong props altogether are refused', () => {
    for (const wrong of WRONG.filter((each) => typeof each !== 'object' || each === null || Array.isArray(each) || 'x' in each)) {
      expect([wrong, errorOf(build, wrong)?.name]).toEqual([wrong, 'PolicyError']);
    }
    expect(errorOf(build, { ...props, reciprocl: false })?.message).toContain('"reciprocl" is no property here, and would be ignored. Instead: one of ');
  });
});
