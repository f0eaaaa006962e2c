import { IConstruct } from 'constructs';
import { ClusterProfile } from '../../cluster/cluster-profile';
import { cniFact } from '../../cluster/cni-facts';
import { Cidr, PolicyError } from '../../policy';

/** Where the API server of the cluster answers. */
export interface ApiServerAddresses {
  readonly addresses: readonly Cidr[];
  readonly port: number;
  readonly serviceIp?: string;
}

/** The API server as addresses, or an error where NetworkPolicy cannot name it. */
export function apiServerOf(construct: IConstruct): ApiServerAddresses {
  const profile = ClusterProfile.of(construct);
  const { apiServer, cni, name } = profile;
  if (cniFact(cni, 'ipBlockMatchesNodes').value === false) {
    throw new PolicyError({
      given: cni.name,
      problem: 'matches the API server by no address: an ipBlock never holds it there, and the rule would open nothing',
      instead: 'a policy of the CNI that names the entity kube-apiserver',
    });
  }
  if (apiServer === undefined || apiServer.addresses.length === 0) {
    throw new PolicyError({
      given: name,
      problem: 'is a cluster whose API server has no known addresses, and no selector can name it',
      instead: 'apiServer: { addresses: ["192.0.2.10/32"] } in ClusterProfile.attach; kubectl get endpointslices -n default -l kubernetes.io/service-name=kubernetes shows them',
    });
  }
  return { addresses: apiServer.addresses.map((cidr) => Cidr.parse(cidr)), port: apiServer.port ?? 6443, serviceIp: apiServer.serviceIp };
}
