import { ANTREA_CLICKHOUSE } from './antrea-clickhouse';
import { ANTREA_CSV } from './antrea-csv';
import { ANTREA_NP_LOG } from './antrea-np-log';
import { AWS_NPA } from './aws-npa';
import { CALICO_ENTERPRISE } from './calico-enterprise';
import { CALICO_GOLDMANE } from './calico-goldmane';
import { CALICO_WHISKER } from './calico-whisker';
import { FlowSource } from './flow-source';
import { GKE } from './gke';
import { HUBBLE, HUBBLE_EXPORTER, RETINA } from './hubble';
import { INSPEKTOR_GADGET } from './inspektor-gadget';
import { OTTERIZE } from './otterize';
import { OTTERIZE_EDGES } from './otterize-edges';
import { OVN_KUBERNETES } from './ovn-kubernetes';

/** Every source that there is. A tool that writes two kinds of file has two of one name. */
export const FLOW_SOURCES: readonly FlowSource[] = [
  HUBBLE, HUBBLE_EXPORTER, RETINA, CALICO_GOLDMANE, CALICO_WHISKER, CALICO_ENTERPRISE, INSPEKTOR_GADGET, GKE, ANTREA_CLICKHOUSE, ANTREA_CSV, ANTREA_NP_LOG,
  AWS_NPA, OVN_KUBERNETES, OTTERIZE, OTTERIZE_EDGES,
];

/** The names of the sources, as `--source` takes them. */
export const SOURCE_NAMES: readonly string[] = [...new Set(FLOW_SOURCES.map(({ id }) => id))];

/** What a file looks like: its first lines, or where it is one document the beginning of it. */
export interface FileHead {
  readonly lines: readonly string[];
  readonly text: string;
}

/** Those of the sources whose records these may be; of a name that has several, the one that they look like. */
export function recognised({ lines, text }: FileHead, sources: readonly FlowSource[] = FLOW_SOURCES): FlowSource | undefined {
  return sources.find((source) => source.recognises(source.framing === 'lines' ? lines : [text]));
}
