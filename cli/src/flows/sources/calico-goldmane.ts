import { CalicoEndpoint } from './calico-endpoint';
import { readCalicoFlow } from './calico-flow';
import { policyLists, policyTrace } from './calico-policy';
import { Fields, fieldsOf, jsonOf } from './fields';
import { FlowSource, Reading, skipped, SourceContext } from './flow-source';

/**
 * What Goldmane posts to its emitter's URL: one flow a line, in the JSON of Go, where enumerations are numbers and nothing is left out
 * but zeros.
 * @see https://github.com/projectcalico/calico/blob/master/goldmane/pkg/emitter/emitter.go
 * @see https://github.com/projectcalico/calico/blob/master/goldmane/proto/api.proto
 */
export const CALICO_GOLDMANE: FlowSource = {
  id: 'calico-goldmane',
  title: 'Calico Goldmane emitter',
  framing: 'lines',
  setUpOnly: false,
  independent: true,
  recognises: (head) => head.some((line) => isFlow(jsonOf(line))),
  reader: (context) => ({ read: (line) => readLine(line, context) }),
};

function isFlow(record: Fields | undefined): boolean {
  const key = fieldsOf(record?.Key);
  return key !== undefined && ('source_name' in key || 'dest_name' in key) && record?.start_time !== undefined;
}

function readLine(line: unknown, context: SourceContext): Reading {
  const flow = jsonOf(line);
  if (flow === undefined) return skipped('malformed', { detail: 'is no JSON object' });
  if (!('Key' in flow) && !('start_time' in flow)) return skipped('not-a-flow');
  const key = fieldsOf(flow.Key) ?? {};
  const policies = policyLists(key.policies);
  return readCalicoFlow({
    start: flow.start_time,
    end: flow.end_time,
    source: endpoint('source', flow, key),
    destination: endpoint('dest', flow, key),
    protocol: key.proto,
    port: key.dest_port,
    reporter: key.reporter,
    action: key.action,
    enforced: policies && policyTrace(policies.enforced_policies),
    pending: policies && policyTrace(policies.pending_policies),
    service: { name: key.dest_service_name, namespace: key.dest_service_namespace, port: key.dest_service_port },
    connections: flow.num_connections_started,
    traffic: { packets: [flow.packets_in, flow.packets_out], started: flow.num_connections_started, live: flow.num_connections_live },
  }, context);
}

/** Addresses are left alone where there are some: they are those of a sample, and the pods or peers that had them are several. */
function endpoint(side: 'source' | 'dest', flow: Fields, key: Fields): CalicoEndpoint {
  return { type: key[`${side}_type`], name: key[`${side}_name`], namespace: key[`${side}_namespace`], labels: flow[`${side}_labels`] };
}
