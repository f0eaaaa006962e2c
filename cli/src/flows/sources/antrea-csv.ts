import { isIP } from 'node:net';
import { isAntreaFlow, readAntreaFlow } from './antrea-flow';
import { Fields } from './fields';
import { FlowSource, skipped } from './flow-source';
import { SeenConnections } from './seen-connections';

/** The first columns of the file log, in all versions. */
const LOG_COLUMNS = [
  'flowStartSeconds', 'flowEndSeconds', 'sourceIP', 'destinationIP', 'sourceTransportPort', 'destinationTransportPort', 'protocolIdentifier',
  'sourcePodName', 'sourcePodNamespace', 'sourceNodeName', 'destinationPodName', 'destinationPodNamespace', 'destinationNodeName', 'destinationClusterIP',
];
/** Objects in S3 have more, all numbers, and the labels behind the policies. */
const S3_COLUMNS = [
  'flowStartSeconds', 'flowEndSeconds', 'flowEndSecondsFromSourceNode', 'flowEndSecondsFromDestinationNode', 'flowEndReason', 'sourceIP', 'destinationIP',
  'sourceTransportPort', 'destinationTransportPort', 'protocolIdentifier', 'packetTotalCount', 'octetTotalCount', 'packetDeltaCount', 'octetDeltaCount',
  'reversePacketTotalCount', 'reverseOctetTotalCount', 'reversePacketDeltaCount', 'reverseOctetDeltaCount',
  'sourcePodName', 'sourcePodNamespace', 'sourceNodeName', 'destinationPodName', 'destinationPodNamespace', 'destinationNodeName', 'destinationClusterIP',
];
const S3_LABEL_COLUMNS = ['tcpState', 'flowType', 'sourcePodLabels', 'destinationPodLabels'];

const NUMBER = /^\d+$/;
const ACTION = /^(?:\d+|Allow|Drop|Reject|Invalid|)$/;
const TYPE = /^(?:\d+|\w+Policy|Invalid|)$/;
/** Nothing is quoted but labels, which hold commas: with single quotes. */
const VALUE = /(?:^|,)('[^']*'(?=,|$)|[^,]*)/g;

/**
 * The file log of Antrea's flow aggregator, and the objects that it puts into S3: no header, and columns that differ between versions.
 * @see https://github.com/antrea-io/antrea/blob/main/pkg/flowaggregator/flowlogger/logger.go
 * @see https://github.com/antrea-io/antrea/blob/main/pkg/flowaggregator/s3uploader/s3uploader.go
 */
export const ANTREA_CSV: FlowSource = {
  id: 'antrea-csv',
  title: 'Antrea flow aggregator, CSV (file log or S3)',
  framing: 'lines',
  setUpOnly: false,
  independent: false,
  recognises: (head) => head.some((line) => isAntreaFlow(recordOf(line))),
  reader: (context) => {
    const seen = new SeenConnections();
    return {
      read: (line) => {
        const record = recordOf(line);
        return record === undefined ? skipped('malformed', { detail: 'does not have the columns of the flow aggregator' }) : readAntreaFlow(record, context, seen);
      },
    };
  },
};

function recordOf(line: unknown): Fields | undefined {
  if (typeof line !== 'string') return undefined;
  const values = Array.from(line.trimEnd().matchAll(VALUE), ([, value = '']) => value);
  return isIP(values[2] ?? '') === 0 ? s3Record(values) : new ColumnReader(values).columns(LOG_COLUMNS)?.service()?.policies()?.record;
}

function s3Record(values: readonly string[]): Fields | undefined {
  const record = new ColumnReader(values).columns(S3_COLUMNS)?.service()?.policies()?.columns(S3_LABEL_COLUMNS)?.record;
  return record && { ...record, sourcePodLabels: unquoted(record.sourcePodLabels), destinationPodLabels: unquoted(record.destinationPodLabels) };
}

function unquoted(value: string | undefined): string {
  return value?.replace(/^'(.*)'$/, '$1') ?? '';
}

/** Takes columns from the left, and gives up where there are none left. */
class ColumnReader {
  public readonly record: Record<string, string> = {};
  private at = 0;

  public constructor(private readonly values: readonly string[]) {}

  public columns(names: readonly string[]): this | undefined {
    if (this.at + names.length > this.values.length) return undefined;
    for (const name of names) this.record[name] = this.values[this.at++]!;
    return this;
  }

  /** Some versions have one more address before the port of the Service. It may be empty, the port never is: it is 0. */
  public service(): this | undefined {
    if (!NUMBER.test(this.values[this.at] ?? '')) this.at++;
    return NUMBER.test(this.values[this.at] ?? '') ? this.columns(['destinationServicePort', 'destinationServicePortName']) : undefined;
  }

  public policies(): this | undefined {
    return this.policy('ingress')?.policy('egress');
  }

  /** Names of rules are free text: one may hold commas. */
  private policy(direction: 'ingress' | 'egress'): this | undefined {
    const [name, namespace, ...rest] = this.values.slice(this.at);
    const end = rest.findIndex((_, index) => index > 0 && ACTION.test(rest[index]!) && TYPE.test(rest[index + 1] ?? '-'));
    if (name === undefined || namespace === undefined || end < 0) return undefined;
    const values = { Name: name, Namespace: namespace, RuleName: rest.slice(0, end).join(','), RuleAction: rest[end]!, Type: rest[end + 1]! };
    for (const [column, value] of Object.entries(values)) this.record[`${direction}NetworkPolicy${column}`] = value;
    this.at += end + 4;
    return this;
  }
}
