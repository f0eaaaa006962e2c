import { Group, PeerTerm } from '../../policy';
import { API_VERSION, CLUSTER_GROUP, GROUP } from './api';
import { cannotSay } from './cannot-say';
import { WrittenAntreaObject } from './write';
import { writeBlock, writeSelected, writeSelector } from './write-peers';

/** A Group, or a ClusterGroup where it has no namespace. */
export function writeAntreaGroup(group: Group): WrittenAntreaObject {
  const { name, namespace, members } = group;
  const terms = members.map(({ terms: [term, ...more] }) => {
    if (term === undefined || more.length > 0) throw cannotSay(group, 'several conditions on one member');
    return term;
  });
  return {
    apiVersion: API_VERSION,
    kind: namespace === undefined ? CLUSTER_GROUP : GROUP,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    spec: writeMembers(group, terms),
  };
}

/** Blocks, or other groups, may be several; all else stands alone. */
function writeMembers(group: Group, terms: readonly PeerTerm[]): WrittenAntreaObject['spec'] {
  const [only, ...more] = terms;
  if (only === undefined) throw cannotSay(group, 'a group of nobody');
  const blocks = terms.flatMap((term) => (term.kind === 'ipBlock' ? [writeBlock(term)] : []));
  if (blocks.length === terms.length) return { ipBlocks: blocks };
  const children = terms.flatMap((term) => (term.kind === 'group' ? [writeSelected(group, term).group] : []));
  if (children.length === terms.length) return { childGroups: children };
  if (more.length > 0) throw cannotSay(group, 'members of several kinds');
  switch (only.kind) {
    case 'servicePods':
      return { serviceReference: { name: only.name, namespace: only.namespace } };
    case 'nodes':
      if (group.namespace !== undefined) throw cannotSay(group, 'nodes in a group of a namespace');
      return { nodeSelector: writeSelector(only.nodes) };
    case 'pods': {
      const selected = writeSelected(group, only);
      if (selected.serviceAccount !== undefined) throw cannotSay(group, 'pods of a service account in a group');
      return selected;
    }
    default:
      throw cannotSay(group, `members of the kind ${only.kind}`);
  }
}
