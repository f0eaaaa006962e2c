import { Profile } from '../profile';
import { Endpoint, ExternalEndpoint, PodEndpoint } from './endpoint';

/** Whether any policy is asked about a pod and the other end: some nodes do not police, some data planes know one IP family. */
export function isPoliced(subject: PodEndpoint, peer: Endpoint, profile: Pick<Profile, 'policedFamily'>): boolean {
  if (subject.isUnpoliced === true) return false;
  return peer.kind !== 'external' || isOfPolicedFamily(peer, profile);
}

export function isOfPolicedFamily({ places }: ExternalEndpoint, { policedFamily }: Pick<Profile, 'policedFamily'>): boolean {
  return policedFamily === undefined || places.some(({ family }) => family === policedFamily);
}
