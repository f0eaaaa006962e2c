import { CalicoEndpoint } from './calico-endpoint';
import { readCalicoFlow } from './calico-flow';
import { policyLists, policyTrace } from './calico-policy';
import { Fields, fieldsOf } from './fields';
import { FlowSource, Reading, skipped, SourceContext } from './flow-source';

const A_TIME_OF_START = /"start_time"\s*:\s*"/;
const A_SOURCE = /"source_name"\s*:/;
const AN_EMPTY_LIST = /^\s*\{\s*"total"\s*:[^]*"items"\s*:\s*(?:null|\[\s*\])\s*\}\s*$/;

/**
 * The answer of Whisker's backend to `GET /flows`: the flows of the last hour as one JSON document. With `watch=true` it sends a stream
 * of events instead, which is no document.
 * @see https://github.com/projectcalico/calico/blob/master/whisker-backend/pkg/apis/v1/flows.go
 */
export const CALICO_WHISKER: FlowSource = {
  id: 'calico-whisker',
  title: 'Calico Whisker',
  framing: 'document',
  setUpOnly: false,
  independent: true,
  recognises: ([head = '']) => /^\s*[[{]/.test(head) && ((A_TIME_OF_START.test(head) && A_SOURCE.test(head)) || AN_EMPTY_LIST.test(head)),
  documentRecords: itemsOf,
  reader: (context) => ({ read: (item) => readItem(item, context) }),
};

/** Go writes a list of nothing as null. */
function itemsOf(document: unknown): Iterable<unknown> | undefined {
  if (Array.isArray(document)) return document.length === 0 || document.some(isFlow) ? document as unknown[] : undefined;
  const list = fieldsOf(document);
  if (list === undefined || !('items' in list) || 'kind' in list) return undefined;
  return list.items === null ? [] : Array.isArray(list.items) ? list.items as unknown[] : undefined;
}

function isFlow(value: unknown): boolean {
  const flow = fieldsOf(value);
  return flow !== undefined && 'start_time' in flow && 'source_name' in flow;
}

function readItem(item: unknown, context: SourceContext): Reading {
  const flow = fieldsOf(item);
  if (flow === undefined) return skipped('malformed', { detail: 'is no JSON object' });
  if (!('start_time' in flow) && !('source_name' in flow)) return skipped('not-a-flow');
  const policies = policyLists(flow.policies);
  const service = fieldsOf(flow.service);
  return readCalicoFlow({
    start: flow.start_time,
    end: flow.end_time,
    source: endpoint('source', flow),
    destination: endpoint('dest', flow),
    protocol: flow.protocol,
    port: flow.dest_port,
    reporter: flow.reporter,
    action: flow.action,
    enforced: policies && policyTrace(policies.enforced),
    pending: policies && policyTrace(policies.pending),
    ...(service === undefined ? {} : { service: { name: service.name, namespace: service.namespace, port: service.port } }),
    traffic: { packets: [flow.packets_in, flow.packets_out] },
  }, context);
}

function endpoint(side: 'source' | 'dest', flow: Fields): CalicoEndpoint {
  return { type: flow[`${side}_type`], name: flow[`${side}_name`], namespace: flow[`${side}_namespace`], labels: flow[`${side}_labels`] };
}
