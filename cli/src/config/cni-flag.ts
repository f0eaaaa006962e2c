import { Profile, ProfileOptions, profileOf } from 'cdk8s-netpol/analysis';
import { UsageError } from '../usage-error';

/** A CNI as `--cni` and netpol.yaml name it: what the profile of a cluster is made from. */
export interface CniChoice {
  readonly name: string;
  readonly version?: string;
  readonly settings: Readonly<Record<string, string>>;
}

export const GENERIC: CniChoice = { name: 'generic', settings: {} };

/** What YAML and people write for a switch that is called on and off. */
const SWITCHES: ReadonlySet<string> = new Set(['cnp', 'anp']);
const SYNONYMS: Readonly<Record<string, string>> = { true: 'on', yes: 'on', false: 'off', no: 'off' };

/** `NAME[@VERSION][,SETTING=VALUE...]`. */
export function parseCni(text: string): CniChoice {
  const [head = '', ...parts] = text.split(',');
  const [name = '', version, ...rest] = head.split('@');
  if (name === '' || version === '' || rest.length > 0) throw malformed(text);
  const settings: Record<string, string> = {};
  for (const part of parts) {
    const equals = part.indexOf('=');
    const setting = part.slice(0, equals).trim();
    if (equals <= 0 || setting === '' || Object.hasOwn(settings, setting)) throw malformed(text);
    settings[setting] = settingValue(setting, part.slice(equals + 1).trim());
  }
  return { name, settings, ...(version === undefined ? {} : { version }) };
}

export function settingValue(name: string, value: string): string {
  return SWITCHES.has(name) ? SYNONYMS[value] ?? value : value;
}

export function profileFor({ name, version, settings }: CniChoice, cluster: Pick<ProfileOptions, 'podCidrs' | 'nodeCidrs' | 'staged'> = {}): Profile {
  return profileOf(name, { settings, ...(version === undefined ? {} : { version }), ...cluster });
}

/** The text that `parseCni` reads back. */
export function cniText({ name, version, settings }: CniChoice): string {
  const parts = Object.entries(settings).map(([setting, value]) => `,${setting}=${value}`);
  return `${name}${version === undefined ? '' : `@${version}`}${parts.join('')}`;
}

function malformed(text: string): UsageError {
  return new UsageError(`"${text}" is not a CNI. Instead: NAME[@VERSION][,SETTING=VALUE...], such as generic, or generic,ipBlockMatchesPods=false`);
}
