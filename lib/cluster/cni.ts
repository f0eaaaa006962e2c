import { PolicyError } from '../policy/policy-error';
import { brand } from './brand';
import { checkSettings } from './cni-settings';
import { CNI_TABLE, cniRow, OTHER_NAMES } from './cni-table';
import { didYouMean } from './did-you-mean';
import { checkOptions } from './field-checks';
import { isVersion } from './version';

/** What a cluster runs of a CNI. */
export interface CniOptions {
  /**
   * Version of the CNI, such as `1.18` or `3.32.1`. For the CNIs of GKE the version of the cluster
   * (`1.36.0-gke.4447000`), for kindnet that of kind.
   * @default - unknown: what depends on the version is answered with "depends"
   */
  readonly version?: string;

  /**
   * Settings under the names that the CNI itself gives them, such as `enable-policy` of Cilium or `enforcingMode` of AWS.
   * Every CNI knows besides: `cnp` (`on` or `off`: it serves ClusterNetworkPolicy), `ipBlockMatchesPods` and
   * `cnpNetworksMatchPods` (`true` or `false`).
   * @default - the defaults of the CNI
   */
  readonly settings?: Record<string, string>;
}

/**
 * What enforces network policy in a cluster: a CNI, its version and its settings. A claim
 * about the cluster, which decides the form of policies and what their answers may rest on.
 *
 * ```ts
 * Cni.cilium({ version: '1.18', settings: { 'enable-policy': 'always' } });
 * Cni.parse('cilium@1.18,enable-policy=always'); // the same, as the command line writes it
 * ```
 */
export class Cni {
  /**
   * Any CNI that enforces NetworkPolicy as Kubernetes documents it. What differs between CNIs is answered with "depends".
   * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
   */
  public static generic(options?: CniOptions): Cni {
    return new Cni('generic', options);
  }

  /**
   * Cilium.
   * @see https://docs.cilium.io/en/stable/security/policy/
   */
  public static cilium(options?: CniOptions): Cni {
    return new Cni('cilium', options);
  }

  /**
   * Calico, also where it only enforces policy over the network of another CNI.
   * @see https://docs.tigera.io/calico/latest/network-policy/
   */
  public static calico(options?: CniOptions): Cni {
    return new Cni('calico', options);
  }

  /**
   * Canal: the policy engine of Calico over the network of Flannel. The version is that of Calico.
   * @see https://docs.tigera.io/calico/latest/getting-started/kubernetes/flannel/install-for-flannel
   */
  public static canal(options?: CniOptions): Cni {
    return new Cni('canal', options);
  }

  /**
   * Antrea.
   * @see https://github.com/antrea-io/antrea/blob/main/docs/antrea-network-policy.md
   */
  public static antrea(options?: CniOptions): Cni {
    return new Cni('antrea', options);
  }

  /**
   * The Amazon VPC CNI with its network policy agent, which has to be turned on.
   * @see https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
   */
  public static aws(options?: CniOptions): Cni {
    return new Cni('aws', options);
  }

  /**
   * GKE Dataplane V2. The version is that of the cluster.
   * @see https://cloud.google.com/kubernetes-engine/docs/concepts/dataplane-v2
   */
  public static gkeDataplaneV2(options?: CniOptions): Cni {
    return new Cni('gke-dpv2', options);
  }

  /**
   * GKE without Dataplane V2 and with network policy enforcement (Calico) turned on. The version is that of the cluster.
   * @see https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy
   */
  public static gkeCalico(options?: CniOptions): Cni {
    return new Cni('gke-calico', options);
  }

  /**
   * OVN-Kubernetes, the CNI of OpenShift.
   * @see https://ovn-kubernetes.io/features/network-security-controls/network-policy/
   */
  public static ovnKubernetes(options?: CniOptions): Cni {
    return new Cni('ovn-kubernetes', options);
  }

  /**
   * Flannel, which enforces nothing: synth fails with it, unless the setting `netpol.enabled` says that its chart runs
   * kube-network-policies beside it.
   * @see https://github.com/flannel-io/flannel/blob/master/Documentation/netpol.md
   */
  public static flannel(options?: CniOptions): Cni {
    return new Cni('flannel', options);
  }

  /**
   * kube-router, also as the network policy controller that k3s embeds.
   * @see https://github.com/cloudnativelabs/kube-router/blob/master/docs/user-guide.md
   */
  public static kubeRouter(options?: CniOptions): Cni {
    return new Cni('kube-router', options);
  }

  /**
   * kindnet, the CNI of kind; it enforces network policy since kind 0.24. The version is that of kind.
   * @see https://github.com/kubernetes-sigs/kind/pull/3612
   */
  public static kindnet(options?: CniOptions): Cni {
    return new Cni('kindnet', options);
  }

  /**
   * Azure Network Policy Manager on AKS.
   * @see https://learn.microsoft.com/azure/aks/use-network-policies
   */
  public static azureNpm(options?: CniOptions): Cni {
    return new Cni('azure-npm', options);
  }

  /**
   * Weave Net.
   * @see https://github.com/weaveworks/weave/blob/master/site/kubernetes/kube-addon.md
   */
  public static weaveNet(options?: CniOptions): Cni {
    return new Cni('weave-net', options);
  }

  /**
   * kube-network-policies beside a CNI that does not enforce by itself.
   * @see https://github.com/kubernetes-sigs/kube-network-policies
   */
  public static kubeNetworkPolicies(options?: CniOptions): Cni {
    return new Cni('kube-network-policies', options);
  }

  /**
   * A CNI as the command line writes it: `NAME[@VERSION][,SETTING=VALUE...]`.
   *
   * @param text such as `cilium@1.18,enable-policy=always`
   * @throws if the name or a setting is unknown, the version is none, or a setting appears twice
   */
  public static parse(text: string): Cni {
    const [head = '', ...rest] = typeof text === 'string' ? text.split(',') : [''];
    const at = head.indexOf('@');
    const settings: Record<string, string> = {};
    for (const part of rest) {
      const [name, value] = settingOf(text, part);
      if (Object.hasOwn(settings, name)) {
        throw new PolicyError({ given: text, problem: `sets ${name} twice`, instead: 'one value for each setting' });
      }
      settings[name] = value;
    }
    if (at >= 0 && head.slice(at + 1) === '') {
      throw new PolicyError({ given: text, problem: 'has no version after "@"', instead: `"${head.slice(0, at)}", or a version such as "1.18"` });
    }
    return new Cni(at < 0 ? head : head.slice(0, at), { version: at < 0 ? undefined : head.slice(at + 1), settings });
  }

  /** The name as the command line writes it: `generic`, `cilium`, `calico`, `gke-dpv2`, ... */
  public readonly name: string;

  /** The version, without a leading "v"; undefined where nobody said it. */
  public readonly version?: string;

  /** The settings that were said, by name. */
  public readonly settings: Record<string, string>;

  private constructor(name: string, options: CniOptions = {}) {
    const row = cniRow(name);
    if (row === undefined) throw unknownCni(name);
    const { version, settings = {} } = checkOptions<CniOptions>(row.title, options, { version: 'value', settings: 'value' });
    if (typeof settings !== 'object' || Array.isArray(settings)) {
      throw new PolicyError({ given: settings, where: row.title, problem: 'are not settings', instead: 'settings by name, such as { cnp: "on" }' });
    }
    if (version !== undefined && (typeof version !== 'string' || !isVersion(version))) {
      throw new PolicyError({
        given: version,
        problem: `is not a version of ${row.versionOf}`,
        instead: 'numbers such as "1.18" or "3.32.1", or leave it out',
      });
    }
    this.name = name;
    this.version = version?.replace(/^v/, '');
    this.settings = checkSettings(row, this.version, settings);
    brand(this, 'Cni');
  }

  /** The text that `parse` reads back: `cilium@1.18,enable-policy=always`. */
  public toString(): string {
    const settings = Object.entries(this.settings).map(([name, value]) => `,${name}=${value}`);
    return `${this.name}${this.version === undefined ? '' : `@${this.version}`}${settings.join('')}`;
  }
}

function settingOf(text: string, part: string): [string, string] {
  const equals = part.indexOf('=');
  if (equals > 0) return [part.slice(0, equals).trim(), part.slice(equals + 1).trim()];
  throw new PolicyError({
    given: text,
    problem: `has ${part === '' ? 'an empty setting' : `"${part}"`} where a setting should be`,
    instead: 'NAME[@VERSION][,SETTING=VALUE...], such as "cilium@1.18,enable-policy=always"',
  });
}

function unknownCni(name: string): PolicyError {
  const names = CNI_TABLE.map((row) => row.name);
  const advice = Object.hasOwn(OTHER_NAMES, name.toLowerCase()) ? OTHER_NAMES[name.toLowerCase()] : undefined;
  const near = didYouMean(name, names);
  return new PolicyError({
    given: name,
    problem: 'is not a CNI that this library knows',
    instead: advice ?? `${near === undefined ? '' : `"${near}"? `}It knows ${names.join(', ')}; "generic" is any other that enforces NetworkPolicy`,
  });
}
