import { CniClaim, cniFact, rowOf } from '../../cluster/cni-facts';
import { Known as KnownFact } from '../../cluster/cni-row';
import { checkSettings } from '../../cluster/cni-settings';
import { isAtLeast } from '../../cluster/version';
import { Known } from '../layers';
import { ProfileOptions } from '../profile';

/** What a question says about a CNI: its version and settings, each known to it. The tables of facts are asked with it. */
export function claimOf(name: string, { version, settings = {} }: ProfileOptions): CniClaim {
  const base = version === undefined ? { name } : { name, version };
  return { ...base, settings: checkSettings(rowOf({ name, settings: {} }), version, settings) };
}

/** The tables say `depends` where nobody was found who knows. */
export function known(value: KnownFact<boolean>): Known {
  return value === 'depends' ? undefined : value;
}

export function factOf(claim: CniClaim, name: 'ipBlockMatchesPods' | 'ipBlockMatchesNodes' | 'cnpNetworksMatchPods'): Known {
  return known(cniFact(claim, name).value);
}

/** Whether the version has reached another; undefined where it does not say. */
export function reached({ version }: CniClaim, since: string): Known {
  return known(isAtLeast(version, since));
}
