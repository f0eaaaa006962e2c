import { PolicyError } from '../policy/policy-error';
import { CLUSTER_NETWORK_POLICY } from './apis';
import { CniRow, SettingRow } from './cni-row';
import { didYouMean } from './did-you-mean';
import { isAtLeast } from './version';

const API = 'https://network-policy-api.sigs.k8s.io/reference/spec/';

/** Settings that every CNI has: claims of the user where the tables do not know. */
export const COMMON_SETTINGS: readonly SettingRow[] = [
  {
    name: 'cnp', values: ['on', 'off'], default: '', source: API,
    meaning: 'whether ClusterNetworkPolicy (policy.networking.k8s.io/v1alpha2) is served, whatever the version says',
  },
  {
    name: 'ipBlockMatchesPods', values: ['true', 'false'], default: '', source: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
    meaning: 'whether ipBlock matches addresses of pods',
  },
  {
    name: 'cnpNetworksMatchPods', values: ['true', 'false'], default: '', source: API,
    meaning: 'whether networks of a ClusterNetworkPolicy match addresses of pods',
  },
];

/** `cnp: false` is what YAML makes of `cnp: off`. */
const SYNONYMS: Readonly<Record<string, string>> = { true: 'on', false: 'off' };

/** The settings that a CNI has, the common ones last. */
export function settingsOf(row: CniRow): readonly SettingRow[] {
  return [...row.settings, ...COMMON_SETTINGS];
}

/** The settings by name, each known to this version and with a value that it can have. */
export function checkSettings(
  row: CniRow, version: string | undefined, settings: Readonly<Record<string, string>>,
): Record<string, string> {
  const checked: Record<string, string> = {};
  for (const name of Object.keys(settings).sort()) {
    checked[name] = checkSetting(row, version, name, settings[name]);
  }
  checkAgreement(row, checked);
  return checked;
}

function checkSetting(row: CniRow, version: string | undefined, name: string, given: unknown): string {
  const known = settingsOf(row);
  const setting = known.find((candidate) => candidate.name === name);
  if (setting === undefined) {
    const near = didYouMean(name, known.map((candidate) => candidate.name));
    throw new PolicyError({
      given: name,
      problem: `is not a setting of ${row.title} that this library knows`,
      instead: `${near === undefined ? '' : `"${near}"? `}It knows ${known.map((candidate) => candidate.name).join(', ')}`,
    });
  }
  if (setting.since !== undefined && isAtLeast(version, setting.since) === false) {
    throw new PolicyError({
      given: `${name}=${String(given)}`,
      problem: `is a setting of ${row.versionOf} ${setting.since} and later, and the profile says ${String(version)}`,
      instead: 'leave it out, or say the version that the cluster runs',
    });
  }
  const text = typeof given === 'string' ? given : undefined;
  const value = text !== undefined && name === 'cnp' ? SYNONYMS[text] ?? text : text;
  if (value !== undefined && setting.values.includes(value)) return value;
  throw new PolicyError({
    given,
    problem: `is not a value of the setting ${name}`,
    instead: `one of ${setting.values.map((allowed) => `"${allowed}"`).join(', ')}`,
  });
}

/** `cnp` overrides the version, but not a gate of the CNI that was set to the opposite. */
function checkAgreement(row: CniRow, settings: Readonly<Record<string, string>>): void {
  const cnp = settings.cnp;
  if (cnp === undefined) return;
  for (const { api, setting } of row.serves) {
    if (api !== CLUSTER_NETWORK_POLICY || setting === undefined) continue;
    const gate = settings[setting.name];
    if (gate === undefined || (gate === setting.value) === (cnp === 'on')) continue;
    throw new PolicyError({
      given: `cnp=${cnp},${setting.name}=${gate}`,
      problem: 'says both that ClusterNetworkPolicy is served and that it is not',
      instead: `leave out cnp: ${setting.name} decides`,
    });
  }
}
