import { Origin } from '../../policy';
import { Route, RouteBackend } from './inventory';
import { Json, listAt, objectAt, textAt } from './json';
import { readTarget } from './services';

type BackendReader = (spec: Json, namespace: string) => RouteBackend[];

interface RouteKind {
  readonly group: string;
  readonly kinds: readonly string[];
  readonly backends: BackendReader;
}

const ROUTE_KINDS: readonly RouteKind[] = [
  // https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/
  { group: 'networking.k8s.io', kinds: ['Ingress'], backends: ingressBackends },
  { group: 'extensions', kinds: ['Ingress'], backends: ingressBackends },
  // https://gateway-api.sigs.k8s.io/reference/spec/
  { group: 'gateway.networking.k8s.io', kinds: ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'], backends: gatewayBackends },
  // https://docs.okd.io/latest/rest_api/network_apis/route-route-openshift-io-v1.html
  { group: 'route.openshift.io', kinds: ['Route'], backends: openShiftBackends },
  { group: '', kinds: ['Route'], backends: openShiftBackends },
];

export function isRoute(group: string, kind: string): boolean {
  return ROUTE_KINDS.some((row) => row.group === group && row.kinds.includes(kind));
}

export function readRoute(document: Json, group: string, kind: string, namespace: string, name: string, origin?: Origin): Route {
  const row = ROUTE_KINDS.find((candidate) => candidate.group === group && candidate.kinds.includes(kind));
  const backends = row?.backends(objectAt(document.spec, 'spec'), namespace) ?? [];
  return { kind, namespace, name, backends, ...(origin === undefined ? {} : { origin }) };
}

function ingressBackends(spec: Json, namespace: string): RouteBackend[] {
  const paths = listAt(spec.rules, 'spec.rules').flatMap((rule, index) => {
    const at = `spec.rules[${index}].http`;
    const http = objectAt(objectAt(rule, `spec.rules[${index}]`).http, at);
    return listAt(http.paths, `${at}.paths`).map((path, number) => ({ value: objectAt(path, `${at}.paths[${number}]`).backend, at: `${at}.paths[${number}].backend` }));
  });
  return [{ value: spec.defaultBackend ?? spec.backend, at: 'spec.defaultBackend' }, ...paths].flatMap(({ value, at }) => {
    const backend = objectAt(value, at);
    const service = objectAt(backend.service, `${at}.service`);
    const name = textAt(service.name ?? backend.serviceName, `${at}.service.name`);
    if (name === undefined) return [];
    const port = objectAt(service.port, `${at}.service.port`);
    const wanted = readTarget(port.number ?? port.name ?? backend.servicePort, `${at}.service.port`);
    return [{ namespace, service: name, ...(wanted === undefined ? {} : { port: wanted }) }];
  });
}

function gatewayBackends(spec: Json, namespace: string): RouteBackend[] {
  return listAt(spec.rules, 'spec.rules').flatMap((rule, index) => {
    const at = `spec.rules[${index}].backendRefs`;
    return listAt(objectAt(rule, `spec.rules[${index}]`).backendRefs, at).flatMap((value, number) => {
      const backend = objectAt(value, `${at}[${number}]`);
      const name = textAt(backend.name, `${at}[${number}].name`);
      if (name === undefined || (backend.kind ?? 'Service') !== 'Service') return [];
      const port = readTarget(backend.port, `${at}[${number}].port`);
      return [{
        namespace: textAt(backend.namespace, `${at}[${number}].namespace`) ?? namespace,
        service: name,
        ...(port === undefined ? {} : { port }),
      }];
    });
  });
}

function openShiftBackends(spec: Json, namespace: string): RouteBackend[] {
  const port = readTarget(objectAt(spec.port, 'spec.port').targetPort, 'spec.port.targetPort');
  return [spec.to, ...listAt(spec.alternateBackends, 'spec.alternateBackends')].flatMap((value, index) => {
    const name = textAt(objectAt(value, `spec.to[${index}]`).name, `spec.to[${index}].name`);
    return name === undefined ? [] : [{ namespace, service: name, ...(port === undefined ? {} : { port }) }];
  });
}
