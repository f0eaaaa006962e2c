import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { isNamed, Labels, NamedPort, PodSet, portKey, Rule, termKey } from '../../../policy';
import { AppCheck } from '../app-check';
import { documentsIn } from '../documents';
import { inScope } from '../estate';
import { podTemplateOf, PodTemplate } from '../workload';

interface KnownWorkload {
  readonly id: string;
  readonly namespace: string;
  readonly template: PodTemplate;
}

/**
 * A named port that no container of the target has opens nothing, without a word. Where the target is in the app, the name
 * must be there; where it is not, nobody can tell. A construct that governs many namespaces opens something if one of them
 * has the name.
 */
export const namedPorts: AppCheck = ({ estate, objects }, report) => {
  let workloads: KnownWorkload[] | undefined;
  const missing = new Map<IConstruct, Map<string, string>>();
  const useful = new Map<IConstruct, Set<string>>();
  for (const set of estate.policySets) {
    for (const { subject, statements } of set.entries.values()) {
      for (const { rule, by } of statements) {
        const names = (rule.ports ?? []).filter((port): port is NamedPort => port.kind === 'named');
        if (names.length === 0) continue;
        workloads ??= objects.flatMap(workloadOf);
        for (const target of targetsOf(rule, { kind: 'pods', namespaces: { kind: 'named', name: set.namespace }, pods: subject })) {
          const known = workloads.filter((each) => isIn(target, each, estate.managed.get(each.namespace)?._labels ?? {}));
          for (const name of names) {
            if (known.length === 0 || known.some(({ template }) => has(template, name))) {
              useful.set(by, (useful.get(by) ?? new Set()).add(portKey(name)));
            } else if (missing.get(by)?.has(portKey(name)) !== true) {
              missing.set(by, (missing.get(by) ?? new Map<string, string>()).set(portKey(name), describe(name, target, known)));
            }
          }
        }
      }
    }
  }
  for (const [by, messages] of missing) {
    for (const [port, message] of messages) if (useful.get(by)?.has(port) !== true) report(by, message);
  }
};

function describe(name: NamedPort, target: PodSet, known: readonly KnownWorkload[]): string {
  return `no container of ${known.map(({ id }) => id).join(', ')} has a port named ${portKey(name)}, so that the rule would open nothing (${termKey(target)}). `
    + `Instead: ${portsOf(known) || 'a name in the ports of the container, or the number of the port'}`;
}

function has(template: PodTemplate, name: NamedPort): boolean {
  return template.ports.some((port) => isNamed(name, port));
}

function targetsOf(rule: Rule, subject: PodSet): PodSet[] {
  if (rule.direction === 'ingress') return [subject];
  return (rule.peers ?? []).flatMap(({ terms }) => terms).filter((term): term is PodSet => term.kind === 'pods');
}

function isIn(target: PodSet, { namespace, template }: KnownWorkload, labels: Labels): boolean {
  return inScope(target.namespaces, namespace, labels) && target.pods.matches(template.labels);
}

function workloadOf(object: ApiObject): KnownWorkload[] {
  if (object.kind === 'NetworkPolicy') return [];
  return documentsIn(object.toJson()).flatMap((document) => {
    const template = podTemplateOf(document);
    if (template === undefined) return [];
    const { kind, metadata } = document;
    const namespace = metadata?.namespace ?? object.metadata.namespace ?? 'default';
    return [{ id: `${kind} ${namespace}/${metadata?.name ?? object.name}`, namespace, template }];
  });
}

function portsOf(known: readonly KnownWorkload[]): string {
  const ports = known.flatMap(({ template }) => template.ports).map(({ name, number, protocol }) => (name === undefined ? `Port.${protocol.toLowerCase()}(${number})` : `Port.named('${name}')`));
  return [...new Set(ports)].join(', ');
}
