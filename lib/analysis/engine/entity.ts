import { Entity } from '../../policy';
import { Endpoint, NodeEndpoint, PodEndpoint } from './endpoint';
import { Asked, Match, matchOwnNode, maybe, NO, YES } from './match';

/** Whether an end is one of an entity. */
export function matchEntity(entity: Entity, asked: Asked): Match {
  const { endpoint, at } = asked;
  if (entity === 'none') return NO;
  switch (endpoint.kind) {
    case 'pod':
    case 'possible':
      return entity === 'cluster' ? YES : NO;
    case 'external':
      return matchOutside(entity, endpoint);
    case 'controller':
      return maybe({ kind: 'unevaluated-field', at, why: `whether ${endpoint.text} is of the entity ${entity} is not in the input` });
    case 'node':
      return endpoint.isApiServer === true ? matchApiServer(entity, at) : matchNode(entity, endpoint, asked);
  }
}

function matchOutside(entity: Entity, { places }: Endpoint): Match {
  const family = entity === 'world-ipv4' ? 4 : entity === 'world-ipv6' ? 6 : undefined;
  if (family !== undefined) return places.every((place) => place.family === family) ? YES : NO;
  return entity === 'world' ? YES : NO;
}

/** It runs on nodes of the cluster, or outside of it. */
function matchApiServer(entity: Entity, at: string): Match {
  if (entity === 'kube-apiserver' || entity === 'cluster') return YES;
  if (entity === 'host' || entity === 'remote-node' || entity.startsWith('world')) {
    return maybe({ kind: 'node-placement', at, why: 'where the API server runs decides' });
  }
  return NO;
}

function matchNode(entity: Entity, node: NodeEndpoint, { at, subject }: Asked): Match {
  switch (entity) {
    case 'cluster':
      return YES;
    case 'host':
      return ownNode(node, subject, at);
    case 'remote-node': {
      const own = ownNode(node, subject, at);
      return own.certain ? NO : own.possible ? own : YES;
    }
    case 'kube-apiserver':
      return maybe({ kind: 'node-placement', at, why: `whether the API server runs on ${node.text} decides` });
    default:
      return NO;
  }
}

function ownNode(node: NodeEndpoint, subject: PodEndpoint | undefined, at: string): Match {
  if (subject !== undefined) return matchOwnNode(node, subject);
  return maybe({ kind: 'node-placement', at, why: `whether ${node.text} is the node of the pod decides` });
}
