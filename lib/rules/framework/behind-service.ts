import { AskedPod, Service, ServicePort } from '../../analysis';

/** Whether a pod is behind a Service. */
export function isBehind({ namespace, selector }: Service, { endpoint }: AskedPod): boolean {
  return selector !== undefined && namespace === endpoint.namespace && Object.entries(selector).every(([key, value]) => endpoint.labels[key] === value);
}

/** The ports of a pod that a port of a Service leads to. */
export function targetsOf({ target, protocol }: ServicePort, { endpoint }: AskedPod): readonly number[] {
  if (typeof target === 'number') return [target];
  return endpoint.ports.filter((port) => port.name === target && port.protocol === protocol).map(({ number }) => number);
}
