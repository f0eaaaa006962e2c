import { ObservedPeer, ObservedService } from '../../../src/flows/observation';
import { EndFit } from '../../../src/flows/query/end-fit';
import { endPattern } from '../../../src/flows/query/end-pattern';
import { allFit, anyFits, Fit } from '../../../src/flows/query/fit';
import { PodSightings } from '../../../src/flows/query/pod-sightings';
import { outside, pod, sighting } from './observed';

const PODS = [sighting('shop/web', 'web-1', '10.244.0.7'), sighting('shop/?', 'solo', '10.244.0.8', { app: 'solo' }), sighting('pay/api', 'api-1')];
const UNKNOWN: ObservedPeer = { kind: 'unknown', ip: '10.244.9.9' };
const SERVICE: ObservedPeer = { kind: 'service', namespace: 'pay', name: 'api' };
const HOST: ObservedPeer = { kind: 'entity', entity: 'host' };
const NODE: ObservedPeer = { kind: 'entity', entity: 'node', name: 'n1', ip: '10.0.0.5' };
const SET: ObservedPeer = { kind: 'entity', entity: 'networkset', namespace: 'shop', name: 'partners' };
const CALLED: ObservedService = { namespace: 'pay', name: 'payments', port: 80 };

function fit(text: string, peer: ObservedPeer, service?: ObservedService): Fit {
  return new EndFit(endPattern(text), new PodSightings(PODS)).of({ peer, side: 'destination', ...(service === undefined ? {} : { service }) });
}

test.each<[string, ObservedPeer, Fit]>([
  ['shop', pod('shop/web'), true],
  ['shop', pod('shopping/web'), false],
  ['shop*', pod('shopping/web'), true],
  ['pay', SERVICE, true],
  ['shop', SET, true],
  ['shop', HOST, false],
  ['shop', outside('203.0.113.7'), false],
  ['shop', UNKNOWN, 'owner of an address'],
])('the namespace %s and %j: %s', (text, peer, expected) => {
  expect(fit(text, peer)).toBe(expected);
});

test.each<[string, ObservedPeer, Fit]>([
  ['shop/web', pod('shop/web'), true],
  ['shop/web', pod('shop/web2'), false],
  ['shop/web', pod('pay/web'), false],
  ['shop/w*', pod('shop/web'), true],
  ['shop/web[Deployment]', pod('shop/web'), true],
  ['shop/web[DaemonSet]', pod('shop/web'), false],
  ['shop/web[DaemonSet]', { ...pod('shop/web'), workload: { kind: null, name: 'web' } }, 'kind of workload'],
  ['shop/web', pod('shop/?', { app: 'x' }), 'workload'],
  ['pay/web', pod('shop/?', { app: 'x' }), false],
  ['shop/*', pod('shop/?', { app: 'x' }), true],
  ['pay/api', SERVICE, true],
  ['pay/api[Service]', SERVICE, true],
  ['pay/api[Deployment]', SERVICE, 'workload'],
  // the pod behind it may be of any workload
  ['pay/db', SERVICE, 'workload'],
  ['pay/db[Service]', SERVICE, false],
  ['shop/api', SERVICE, false],
  ['shop/partners', SET, true],
  ['shop/web', HOST, false],
  ['shop/web', outside('203.0.113.7'), false],
  ['shop/web', UNKNOWN, 'owner of an address'],
])('the workload %s and %j: %s', (text, peer, expected) => {
  expect(fit(text, peer)).toBe(expected);
});

describe('the Service that was called', () => {
  test.each<[string, Fit]>([
    ['pay/payments', true], ['pay/payments[Service]', true], ['pay/payments[Deployment]', false], ['svc/pay/payments', true], ['svc/pay/api', false], ['pay/api', true],
  ])('%s and pay/api behind pay/payments: %s', (text, expected) => {
    expect(fit(text, pod('pay/api'), CALLED)).toBe(expected);
  });

  test('is left open by records that know the pod only, of its namespace', () => {
    expect([fit('svc/pay/payments', pod('pay/api')), fit('svc/pay/payments', pod('shop/web')), fit('svc/pay/api', SERVICE)]).toEqual(['Service', false, true]);
    expect(new EndFit(endPattern('svc/pay/payments'), new PodSightings([])).of({ peer: pod('pay/api'), side: 'source' })).toBe(false);
  });
});

test.each<[string, ObservedPeer, Fit]>([
  ['203.0.113.0/24', outside('203.0.113.7'), true],
  ['203.0.113.7', outside('203.0.113.8'), false],
  ['fd00::/8', outside('fd12::1'), true],
  ['0.0.0.0/0', outside('fd12::1'), false],
  ['203.0.113.0/24', outside(null, 'api.stripe.com'), 'address'],
  ['10.0.0.0/24', NODE, true],
  ['10.0.0.0/24', HOST, 'address'],
  ['10.244.0.0/16', UNKNOWN, true],
  ['10.244.0.7', pod('shop/web'), true],
  ['10.244.0.8', pod('shop/web'), false],
  ['10.244.0.8', pod('shop/?', { app: 'solo' }), true],
  ['10.244.0.8', pod('shop/?', { app: 'other' }), 'address'],
  ['10.244.0.7', pod('pay/api'), 'address'],
  ['10.244.0.7', SERVICE, 'address'],
])('the block %s and %j: %s', (text, peer, expected) => {
  expect(fit(text, peer)).toBe(expected);
});

test.each<[string, ObservedPeer, Fit]>([
  ['api.stripe.com', outside('54.187.174.169', 'API.stripe.com'), true],
  ['*.stripe.com', outside(null, 'other.example.org', 'api.stripe.com'), true],
  ['stripe.com', outside(null, 'api.stripe.com'), false],
  ['api.stripe.com', outside('54.187.174.169'), 'domain name'],
  ['api.stripe.com', pod('shop/web'), false],
  ['{host}', HOST, true],
  ['{node}', HOST, false],
  ['{node n1}', NODE, true],
  ['{node n2}', NODE, false],
  ['{host n1}', HOST, 'name'],
  ['{world}', outside('203.0.113.7'), true],
  ['{world}', { kind: 'entity', entity: 'public' }, true],
  ['{world}', HOST, false],
  ['{host}', outside('203.0.113.7'), false],
])('%s and %j: %s', (text, peer, expected) => {
  expect(fit(text, peer)).toBe(expected);
});

test('a pod that is named itself stands for those alike', () => {
  const named = new EndFit(endPattern('shop/web-1'), new PodSightings(PODS), [PODS[0]!]);
  expect([pod('shop/web'), pod('shop/cart')].map((peer) => named.of({ peer, side: 'source' }))).toEqual([true, false]);
});

test('what is left open decides nothing where something else does', () => {
  expect([allFit([true, 'port']), allFit(['port', false]), allFit([]), anyFits([false, 'port']), anyFits(['port', true]), anyFits([])]).toEqual(['port', false, true, 'port', true, false]);
});
