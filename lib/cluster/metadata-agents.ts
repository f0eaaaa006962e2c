import { Cloud } from './cloud';

/** An agent that runs as pods and reads the metadata of its node. */
export interface MetadataAgentRow {
  readonly cloud: Cloud;
  readonly name: string;
  readonly namespace: string;
  /** Undefined for the whole namespace, which holds nothing else. */
  readonly pods?: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly source: string;
}

export const METADATA_AGENTS: readonly MetadataAgentRow[] = [
  {
    cloud: Cloud.AWS, name: 'AWS Load Balancer Controller', namespace: 'kube-system', pods: { 'app.kubernetes.io/name': 'aws-load-balancer-controller' },
    reason: 'reads region and VPC of its node, unless its flags --aws-region and --aws-vpc-id say them',
    source: 'https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/',
  },
  {
    cloud: Cloud.AWS, name: 'Amazon EBS CSI driver', namespace: 'kube-system', pods: { 'app.kubernetes.io/name': 'aws-ebs-csi-driver' },
    reason: 'reads instance and zone of its node; the labels of the Node are its second choice',
    source: 'https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/install.md',
  },
  {
    cloud: Cloud.AWS, name: 'AWS Gateway API Controller', namespace: 'aws-application-networking-system',
    reason: 'reads region and VPC of its node, unless its settings say them',
    source: 'https://github.com/aws/aws-application-networking-k8s/issues/794',
  },
];
