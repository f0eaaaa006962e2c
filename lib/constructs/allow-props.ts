import { Port } from '../policy';

/** What every rule needs: its ports. */
export interface AllowProps {
  /**
   * The ports on which the destination pods listen (container ports, not Service ports). At least one.
   */
  readonly ports: Port[];

  /**
   * The namespace whose policy this is.
   * @default - the nearest `DefaultDenyNamespace` above, else the namespace of the chart
   */
  readonly namespace?: string;

  /**
   * The name of the policy at this end. Rules about the same pods share one policy.
   * @default - from the labels of the pods: `allow-web` for `app: web`
   */
  readonly policyName?: string;
}

/** What rules between pods need. */
export interface AllowPodsProps extends AllowProps {
  /**
   * Where a `DefaultDenyNamespace` of this app owns the other end, write the matching rule there too.
   * @default true
   */
  readonly reciprocal?: boolean;
}
