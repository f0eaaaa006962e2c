import { isAntreaFlow, readAntreaFlow } from './antrea-flow';
import { jsonOf } from './fields';
import { FlowSource, skipped } from './flow-source';
import { SeenConnections } from './seen-connections';

/**
 * Rows of the table `flows`, `FORMAT JSONEachRow`.
 * @see https://github.com/antrea-io/antrea/blob/main/pkg/flowaggregator/clickhouseclient/clickhouseclient.go
 */
export const ANTREA_CLICKHOUSE: FlowSource = {
  id: 'antrea-clickhouse',
  title: 'Antrea flow records in ClickHouse (FORMAT JSONEachRow)',
  framing: 'lines',
  setUpOnly: false,
  independent: false,
  recognises: (head) => head.some((line) => isAntreaFlow(jsonOf(line))),
  reader: (context) => {
    const seen = new SeenConnections();
    return {
      read: (line) => {
        const row = jsonOf(line);
        return row === undefined ? skipped('malformed', { detail: 'is no JSON object' }) : readAntreaFlow(row, context, seen);
      },
    };
  },
};
