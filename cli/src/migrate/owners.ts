import { App, Chart } from 'cdk8s';
import { DefaultDenyNamespace, type Owner, RolloutStage } from 'cdk8s-netpol';
import { PolicyError } from 'cdk8s-netpol/policy';
import { InputObject } from '../input';
import { mapping, namespaceOf, textOf } from './hand-written';

/** Labels and annotations by which teams are named, the surest first. */
const TEAM_KEYS = ['cdk8s-netpol/owner', 'owner', 'team', 'app.kubernetes.io/owner', 'app.kubernetes.io/team', 'backstage.io/owner'];
const CONTACT_KEYS = ['cdk8s-netpol/contact', 'contact', 'slack', 'slack-channel'];

/** Stands where the input does not say it: legal for the constructs, and plain to whoever reads it. */
export const FILL_IN = 'FILL-IN';

export interface FoundOwner extends Owner {
  /** What the input does not say. */
  readonly missing: ReadonlyArray<'team' | 'contact'>;
}

/** Who owns a namespace, by the labels and annotations of the Namespace, else by those of its policies where they agree. */
export function ownerOf(namespace: string, objects: readonly InputObject[], moreKeys: readonly string[]): FoundOwner {
  const own = objects.filter(({ object }) => object.apiVersion === 'v1' && object.kind === 'Namespace' && mapping(object.metadata).name === namespace);
  const policies = objects.filter((each) => each.object.kind.endsWith('NetworkPolicy') && namespaceOf(each) === namespace);
  const find = (keys: readonly string[], accepts: (word: string) => boolean): string | undefined => said(own, keys, accepts) ?? said(policies, keys, accepts);
  const team = find([TEAM_KEYS[0]!, ...moreKeys, ...TEAM_KEYS.slice(1)], (word) => isOwner({ team: word, contact: FILL_IN }));
  const contact = find(CONTACT_KEYS, (word) => isOwner({ team: FILL_IN, contact: word }));
  return {
    team: team ?? FILL_IN,
    contact: contact ?? FILL_IN,
    missing: [...(team === undefined ? ['team' as const] : []), ...(contact === undefined ? ['contact' as const] : [])],
  };
}

/** The one word that these objects have under the first key that any of them has. */
function said(objects: readonly InputObject[], keys: readonly string[], accepts: (word: string) => boolean): string | undefined {
  for (const key of keys) {
    const words = new Set(objects.flatMap(({ object: { metadata } }) => {
      const { labels, annotations } = mapping(metadata);
      return textOf(mapping(labels)[key]) ?? textOf(mapping(annotations)[key]) ?? [];
    }));
    const [only, ...more] = words;
    if (only !== undefined && more.length === 0 && accepts(only)) return only;
  }
  return undefined;
}

/** Whether the constructs take it: "tbd" and "everyone" are nobody. */
function isOwner(owner: Owner): boolean {
  try {
    new DefaultDenyNamespace(new Chart(new App(), 'chart'), 'namespace', { name: 'asked', owner, stage: RolloutStage.OBSERVE });
    return true;
  } catch (error) {
    if (error instanceof PolicyError) return false;
    throw error;
  }
}
