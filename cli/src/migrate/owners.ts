import { App, Chart } from 'cdk8s';
import { DefaultDenyNamespace, type Owner, RolloutStage } from 'cdk8s-netpol';
import { PolicyError } from 'cdk8s-netpol/policy';
import { FILL_IN } from 'cdk8s-netpol/rules';
import { InputObject } from '../input';
import { mapping, text } from '../owners/object-metadata';
import { Owners } from '../owners/read-owners';
import { namespaceOf } from './hand-written';

/** Labels and annotations by which teams say how to reach them, the surest first. */
const CONTACT_KEYS = ['cdk8s-netpol/contact', 'contact', 'slack', 'slack-channel'];

export interface FoundOwner extends Owner {
  /** What the input does not say. */
  readonly missing: ReadonlyArray<'team' | 'contact'>;
}

/** Who owns a namespace, as every verb reads it, and how to reach them: by the Namespace, else by its policies where they agree. */
export function ownerOf(namespace: string, owners: Owners, objects: readonly InputObject[]): FoundOwner {
  const team = [owners.ofNamespace(namespace)].find((word) => word !== undefined && isOwner({ team: word, contact: FILL_IN }));
  const own = objects.filter(({ object }) => object.apiVersion === 'v1' && object.kind === 'Namespace' && mapping(object.metadata).name === namespace);
  const policies = objects.filter((each) => each.object.kind.endsWith('NetworkPolicy') && namespaceOf(each) === namespace);
  const contact = contactIn(own) ?? contactIn(policies);
  return {
    team: team ?? FILL_IN,
    contact: contact ?? FILL_IN,
    missing: [...(team === undefined ? ['team' as const] : []), ...(contact === undefined ? ['contact' as const] : [])],
  };
}

/** The one word that these objects have under the first key that any of them has. */
function contactIn(objects: readonly InputObject[]): string | undefined {
  for (const key of CONTACT_KEYS) {
    const words = new Set(objects.flatMap(({ object: { metadata } }) => {
      const { labels, annotations } = mapping(metadata);
      return text(mapping(labels)[key]) ?? text(mapping(annotations)[key]) ?? [];
    }));
    const [only, ...more] = words;
    if (only !== undefined && only !== FILL_IN && more.length === 0 && isOwner({ team: FILL_IN, contact: only })) return only;
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
