import { podPeer, namedNamespace, PodSet } from 'cdk8s-netpol/policy';
import { CniChoice } from '../../config/cni-flag';
import { call, Code, comment, list, literal, object, print, text } from '../../migrate/code';
import { importLine, linesOf } from '../../migrate/files/lines';
import { cniCode } from '../../migrate/files/main-file';
import { namespaceWords, NamespaceWords } from '../../migrate/identifiers';
import { FoundOwner } from '../../migrate/owners';
import { peerCode, Place, subjectCode, Uses } from '../../migrate/pods-code';
import { podWords } from '../../migrate/subject-words';
import { DnsEvidence } from './dns-evidence';
import { KnownPods, Opening, Pods, RecommendedRule, RulePort } from './recommendation';
import { SeenApiServer } from './rule-facts';
import { ruleEvidence } from './words';

/** What a file of constructs is made from. */
export interface AppInput {
  readonly cluster: string;
  readonly cni: CniChoice;
  readonly podCidrs: readonly string[];
  readonly nodeCidrs: readonly string[];
  readonly namespaces: ReadonlyArray<{ readonly name: string; readonly owner: FoundOwner }>;
  readonly stage: 'ENFORCE' | 'AUDIT';
  readonly rules: readonly RecommendedRule[];
  readonly dns: DnsEvidence;
  readonly apiServer: SeenApiServer | undefined;
  /** Lines before the code, and after the rules. */
  readonly heading: readonly string[];
  readonly remarks: readonly string[];
}

/** One complete file: the cluster, its namespaces, and what was seen of them. */
export function appText(input: AppInput): string {
  const words = namespaceWords(input.namespaces.map(({ name }) => name));
  const uses = new Uses();
  const attach = call('ClusterProfile.attach', 'app', profileCode(input, uses));
  const namespaces = input.namespaces.map(({ name, owner: { team, contact } }) => {
    const { variable } = words.get(name)!;
    const props = object({ name: text(name), owner: object({ team: text(team), contact: text(contact) }), stage: `RolloutStage.${input.stage}` });
    return `const ${variable} = ${print(call('new DefaultDenyNamespace', call('new Chart', 'app', text(name)), text(name), props), '', `const ${variable} = `.length)};`;
  });
  const names = new PolicyNames();
  const rules = input.rules.filter(({ opening }) => opening.kind !== 'dns').flatMap((rule) => ruleLines(rule, words, uses, names));
  const fixed = ['ClusterProfile', 'Cni', 'DefaultDenyNamespace', 'MetadataBlock', 'RolloutStage'];
  return linesOf(
    ...input.heading.map(comment),
    importLine(['App', 'Chart'], 'cdk8s'),
    importLine([...new Set([...fixed, ...uses.libraryNames])].sort(), 'cdk8s-netpol'),
    '',
    'const app = new App();',
    `${print(attach)};`,
    '// no rule of this app opens instance metadata: synth fails if one does',
    "new MetadataBlock(new Chart(app, 'metadata-block'), 'metadata', { stage: RolloutStage.OBSERVE });",
    '',
    ...namespaces,
    ...rules,
    ...(input.remarks.length === 0 ? [] : ['', ...input.remarks.map(comment)]),
    '',
    'app.synth();',
  );
}

function profileCode({ cluster, cni, podCidrs, nodeCidrs, dns, apiServer }: AppInput, uses: Uses): Code {
  const dnsCode = dns.code;
  if (dnsCode !== undefined) uses.library('Dns');
  return object({
    name: text(cluster),
    cni: cniCode(cni),
    dns: dnsCode,
    podCidrs: podCidrs.length === 0 ? undefined : literal(podCidrs),
    nodeCidrs: nodeCidrs.length === 0 ? undefined : literal(nodeCidrs),
    apiServer: apiServer === undefined ? undefined : object({ addresses: literal(apiServer.addresses), port: String(apiServer.port) }),
  });
}

function ruleLines(rule: RecommendedRule, words: ReadonlyMap<string, NamespaceWords>, uses: Uses, names: PolicyNames): string[] {
  const place: Place = { namespace: rule.namespace, denied: (namespace) => words.get(namespace)?.variable, uses };
  const props = object({ ...openingCode(rule.opening, place, names), ...portFields(rule, uses) });
  const line = `${print(call(`new ${uses.library(rule.construct)}`, words.get(rule.namespace)!.variable, text(rule.id), props))};`;
  return ['', ...ruleEvidence(rule).map(comment), line];
}

function portFields({ opening, ports }: RecommendedRule, uses: Uses): Readonly<Record<string, Code>> {
  // the port of the API server is a fact of the cluster
  if (opening.kind === 'api-server' && opening.direction === 'egress') return {};
  return { ports: list(ports.map((port) => portCode(port, uses))) };
}

function portCode({ protocol, port }: RulePort, uses: Uses): Code {
  return call(`${uses.library('Port')}.${protocol.toLowerCase()}`, String(port));
}

function openingCode(opening: Opening, place: Place, names: PolicyNames): Readonly<Record<string, Code | undefined>> {
  const { uses } = place;
  const here = ({ pods }: Pods): Code | undefined => subjectCode(pods, place);
  switch (opening.kind) {
    case 'pods':
      if (opening.from.namespace === opening.to.namespace && opening.from.pods.sameAs(opening.to.pods)) return { pods: here(opening.to) };
      return { from: peerCode(setOf(opening.from), place), to: peerCode(setOf(opening.to), place) };
    case 'monitoring':
    case 'ingress-controller':
      return { from: knownCode(opening.from, uses), to: here(opening.to) };
    case 'nodes':
      return { from: call(`${uses.library('IngressController')}.onNodes`), to: here(opening.to) };
    case 'ingress-entity':
      return { from: call(`${uses.library('IngressController')}.cilium`), to: here(opening.to) };
    case 'api-server':
      return { [opening.direction === 'egress' ? 'from' : 'to']: here(opening.pods) };
    case 'addresses':
      return {
        cidrs: literal(opening.cidrs),
        [opening.direction === 'egress' ? 'from' : 'to']: here(opening.pods),
        // a policy of their own, whose name says when they are to be looked at: it can be deleted as a whole
        policyName: opening.expires === undefined ? undefined : text(names.until(opening.expires, opening.pods)),
      };
    case 'domains':
      return { domains: literal(opening.domains), from: here(opening.from) };
    case 'dns':
      return {};
  }
}

function setOf({ namespace, pods }: Pods): PodSet {
  const [term] = podPeer(namedNamespace(namespace), pods).terms;
  return term as PodSet;
}

function knownCode({ method, namespace }: KnownPods, uses: Uses): Code {
  uses.library(method.slice(0, method.indexOf('.')));
  const isAgent = method.endsWith('kubePrometheusAgent');
  const options = object({ agentMode: isAgent ? 'true' : undefined, namespace: namespace === undefined ? undefined : text(namespace) });
  return call(isAgent ? 'Monitoring.kubePrometheus' : method, ...(options.fields.length === 0 ? [] : [options]));
}

/** Names of the policies that are to be looked at again, one for the pods of each selector. */
class PolicyNames {
  private readonly taken = new Map<string, string>();

  public until(day: string, { namespace, pods }: Pods): string {
    const word = podWords(pods, 'all').replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '') || 'pods';
    for (let number = 1; ; number++) {
      const name = `allow-${number === 1 ? word : `${word}-${number}`}-until-${day}`;
      const owner = this.taken.get(`${namespace}/${name}`);
      if (owner !== undefined && owner !== pods.key) continue;
      this.taken.set(`${namespace}/${name}`, pods.key);
      return name;
    }
  }
}
