import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { FoundEvidence, GateEvidence } from 'cdk8s-netpol/rules';
import { GateConfig } from '../../config/gate-config';
import { mapping } from '../../owners/object-metadata';
import { dayText, isoText } from '../timestamps';
import { GateResult } from './gate';
import { WindowObservation } from './observation-window';

/** The version of the file; one that is not known is refused. */
const VERSION = 1;

export interface EvidenceFacts {
  readonly result: GateResult;
  readonly observation: WindowObservation;
  readonly config: GateConfig;
  readonly policyDigest: string;
  readonly cluster: string;
  readonly tool: string;
  readonly now: number;
}

/** What the gate leaves in git, so that CI needs no flow store. */
export function evidenceJson({ result, observation, config, policyDigest, cluster, tool, now }: EvidenceFacts): Readonly<Record<string, unknown>> {
  const { namespace, verdict, waivers, counts, criteria } = result;
  const { window, nodeHours, completeHours, events, lost, nodes, sources } = observation;
  const evidence: GateEvidence = { policyDigest, until: [dayText(now + config.evidenceHolds), ...waivers.map((waiver) => waiver.until)].sort()[0]! };
  return {
    version: VERSION,
    namespace,
    verdict,
    ...evidence,
    cluster,
    window: { from: isoText(window.from), until: isoText(window.until) },
    observation: { nodes: nodes.length, nodeHours, completeHours, events, lost, sources },
    connections: counts,
    criteria: criteria.map(({ id, detail }) => ({ id, detail })),
    waivers,
    evaluatedAt: isoText(now),
    tool,
  };
}

export function writeEvidence(file: string, facts: EvidenceFacts): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(evidenceJson(facts), undefined, 2)}\n`);
}

/** What there is in a file: whatever is not evidence for a PASS says so. */
export function readEvidence(file: string): FoundEvidence {
  if (!existsSync(file)) return undefined;
  let value;
  try {
    value = mapping(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    return { unreadable: `${file}: ${(error as Error).message}` };
  }
  const { version, verdict, policyDigest, until } = value;
  if (version !== VERSION) return { unreadable: `${file} has version ${JSON.stringify(version)}, and this netpol knows ${VERSION}` };
  if (verdict !== 'PASS') return { unreadable: `${file} says ${JSON.stringify(verdict)}` };
  if (typeof policyDigest !== 'string' || typeof until !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(until)) return { unreadable: `${file} has no policyDigest, or no until` };
  return { policyDigest, until };
}
