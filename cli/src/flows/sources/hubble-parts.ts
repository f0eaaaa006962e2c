import { RecordParts } from './record-parts';

/** What `hubble.ts` looks at in a record where nothing is known of the cluster: with an inventory, ports of clients and the time matter too. */
export const HUBBLE_PARTS: RecordParts = {
  common: [
    'node_name', 'flow.node_name', 'flow.event_type', 'flow.Type', 'flow.verdict', 'flow.policy_match_type', 'flow.traffic_direction', 'flow.is_reply',
    'flow.l4.TCP.source_port', 'flow.l4.TCP.destination_port', 'flow.l4.TCP.flags',
    'flow.ingress_allowed_by', 'flow.egress_allowed_by', 'flow.ingress_denied_by', 'flow.egress_denied_by',
  ],
  long: ['flow.source', 'flow.destination', 'flow.IP.source', 'flow.IP.destination'],
  rare: [
    'lost_events', 'flow.l7.type', 'flow.drop_reason', 'flow.drop_reason_desc', 'flow.source_names', 'flow.destination_names', 'flow.destination_service',
    'flow.aggregate', 'flow.extensions',
    'flow.l4.UDP.source_port', 'flow.l4.UDP.destination_port', 'flow.l4.SCTP.source_port', 'flow.l4.SCTP.destination_port', 'flow.l4.SCTP.chunk_type',
    'flow.l4.ICMPv4', 'flow.l4.ICMPv6', 'flow.l4.VRRP', 'flow.l4.IGMP',
  ],
  times: ['flow.time', 'time'],
  ports: ['TCP', 'UDP', 'SCTP'].flatMap((protocol) => [
    { field: `flow.l4.${protocol}.source_port` },
    // a reply goes to a port of a client
    { field: `flow.l4.${protocol}.destination_port`, where: 'flow.is_reply' },
  ]),
};
