import { resolve } from 'node:path';
import { readInventory } from 'cdk8s-netpol/analysis';
import { POLICY_READERS } from 'cdk8s-netpol/dialects';
import { CheckResult, checkRules, PolicyRule, STAGE_RECORD } from 'cdk8s-netpol/rules';
import { readEvidence } from '../flows/gate/evidence';
import { ReadCluster } from '../load-cluster';
import { metadataOf } from '../owners/object-metadata';
import { stageSince } from '../status/stage-since';
import { UsageError } from '../usage-error';
import { fileMatches } from './file-pattern';
import { ruleSettings } from './rule-settings';

/** What rules are asked about. */
export type CheckedCluster = Pick<ReadCluster, 'objects' | 'context' | 'profile' | 'profileIsAssumed' | 'config'>;

/** Asks the rules about a cluster. */
export function runCheck(cluster: CheckedCluster, rules: readonly PolicyRule[], only: readonly string[] | undefined): CheckResult {
  const { objects, context, profile, profileIsAssumed, config } = cluster;
  const ids = rules.map(({ id }) => id);
  for (const id of only ?? []) if (!ids.includes(id)) throw new UsageError(`"${id}" is not a rule`, { word: id, candidates: ids });
  const patterns = config?.checks.ignorePaths ?? [];
  const ignored = new Map<string, boolean>();
  const isIgnored = (file: string | undefined): boolean => {
    if (file === undefined || patterns.length === 0) return false;
    let known = ignored.get(file);
    if (known === undefined) ignored.set(file, (known = patterns.some((pattern) => fileMatches(pattern, file))));
    return known;
  };
  return checkRules({
    objects,
    inventory: readInventory(objects, { readers: POLICY_READERS }),
    profile,
    profileIsAssumed,
    stageSince: (namespace) => {
      const record = objects.find(({ object }) => object.kind === 'ConfigMap' && metadataOf(object).name === STAGE_RECORD && (metadataOf(object).namespace ?? 'default') === namespace);
      return record === undefined ? undefined : stageSince(record);
    },
    evidence: (folder, namespace) => readEvidence(resolve(config?.folder ?? '.', folder, `${namespace}.json`)),
    rules,
    settings: ruleSettings(config, rules),
    ...(only === undefined ? {} : { only }),
    isChecked: (origin) => origin === undefined || (!context.has(origin) && !isIgnored(origin.file)),
  });
}
