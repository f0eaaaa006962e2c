import { CalicoEndpoint, given, isNothing } from './calico-endpoint';
import { readCalicoFlow } from './calico-flow';
import { pendingPart, PolicyHit, policyLists, policyTrace } from './calico-policy';
import { Fields, fieldsOf, jsonOf, textOf } from './fields';
import { FlowSource, Reading, skipped, SourceContext } from './flow-source';

/**
 * Flow logs of Calico Enterprise and Calico Cloud, as they are archived or taken out of Elasticsearch: one flow a line.
 * @see https://docs.tigera.io/calico-enterprise/latest/observability/elastic/flow/datatypes
 */
export const CALICO_ENTERPRISE: FlowSource = {
  id: 'calico-enterprise',
  title: 'Calico Enterprise and Calico Cloud flow logs',
  framing: 'lines',
  setUpOnly: false,
  independent: true,
  recognises: (head) => head.some((line) => isFlow(flowOf(line))),
  reader: (context) => ({ read: (line) => readLine(line, context) }),
};

/** A hit of a search has the flow within. */
function flowOf(line: unknown): Fields | undefined {
  const record = jsonOf(line);
  return fieldsOf(record?._source) ?? record;
}

/** The logs of DNS and of HTTP, which lie beside, have other names for their ends. */
function isFlow(record: Fields | undefined): boolean {
  return record !== undefined && 'source_name_aggr' in record && 'dest_name_aggr' in record;
}

function readLine(line: unknown, context: SourceContext): Reading {
  const flow = flowOf(line);
  if (flow === undefined) return skipped('malformed', { detail: 'is no JSON object' });
  if (!isFlow(flow) && !('source_name' in flow && 'dest_name' in flow)) return skipped('not-a-flow');
  const node = textOf(flow.host);
  const { enforced, pending } = tracesOf(flow.policies);
  return readCalicoFlow({
    start: flow.start_time,
    end: flow.end_time,
    ...(node === undefined ? {} : { node }),
    source: endpoint('source', flow),
    destination: { ...endpoint('dest', flow), domains: flow.dest_domains },
    protocol: flow.proto,
    port: flow.dest_port,
    isPortOptional: true,
    sourcePort: flow.source_port,
    reporter: flow.reporter,
    action: flow.action,
    enforced,
    pending,
    service: { name: flow.dest_service_name, namespace: flow.dest_service_namespace, port: flow.dest_service_port_num ?? flow.dest_service_port },
    connections: flow.num_flows,
    traffic: { packets: [flow.packets_in, flow.packets_out], started: flow.num_flows_started },
  }, context);
}

/** `x-*` stands for several pods, of which the name may still be there. */
function endpoint(side: 'source' | 'dest', flow: Fields): CalicoEndpoint {
  const name = given(flow[`${side}_name`]);
  const merged = given(flow[`${side}_name_aggr`]);
  return {
    type: flow[`${side}_type`],
    name: merged ?? name,
    ...(name === undefined ? {} : { pod: name }),
    namespace: flow[`${side}_namespace`],
    labels: flow[`${side}_labels`],
    ip: flow[`${side}_ip`],
  };
}

type Trace = readonly PolicyHit[] | undefined;

/** Older versions write one list, with the staged policies among those that are enforced. */
function tracesOf(policies: unknown): { readonly enforced: Trace; readonly pending: Trace } {
  const lists = Array.isArray(policies) ? { all_policies: policies } : policyLists(policies);
  if (lists === undefined) return { enforced: undefined, pending: undefined };
  const all = policyTrace(lists.all_policies);
  return {
    enforced: isNothing(lists.enforced_policies) ? all : policyTrace(lists.enforced_policies),
    pending: isNothing(lists.pending_policies) ? all && pendingPart(all) : policyTrace(lists.pending_policies),
  };
}
