import { type Analysis, type EndpointJson } from '../../lib/analysis';
import { NAMESPACE_NAME_LABEL, type Requirement, Selector } from '../../lib/policy';
import { describeWithShared } from '../shared-data';
import { cases, expectedOf, npGuard, objectsIn } from './conformance-case';
import { type Focus, focused, isOneOf } from './focus';
import { connText, expectedRows, type NpGuardRow, npGuardRows, rowTexts } from './np-guard-notation';

interface Expected {
  readonly options: { readonly focus?: Focus };
  readonly ingressExposure: readonly NpGuardRow[];
  readonly egressExposure: readonly NpGuardRow[];
  readonly unprotected: ReadonlyArray<{ readonly workload: string; readonly directions: readonly string[] }>;
}

describeWithShared('conformance', 'netpol-analyzer: exposure', () => {
  test.each(cases('exposure', ['netpol-analyzer']).map((each) => [each.id, each] as const))('%s', (_, each) => {
    const expected = expectedOf<Expected & Parameters<typeof expectedRows>[0]>(each);
    const { focus } = expected.options;
    const analysis = npGuard(objectsIn(each.path, 'input'));
    const rows = npGuardRows(analysis, analysis.connections());
    expect(rowTexts(focused(rows, focus))).toEqual(rowTexts(expectedRows(expected)));
    const { ingress, egress, unprotected } = exposureRows(analysis, rows);
    expect(rowTexts(inFocus(ingress, focus, 'ingress'))).toEqual(rowTexts(expected.ingressExposure.map(canonical)));
    expect(rowTexts(inFocus(egress, focus, 'egress'))).toEqual(rowTexts(expected.egressExposure.map(canonical)));
    const wanted = expected.unprotected.flatMap(({ workload, directions }) => directions.map((direction) => `${workload} ${direction}`));
    expect(unprotected.filter(({ workload, direction }) => concerns(workload, direction, focus)).map(({ workload, direction }) => `${workload} ${capital(direction)}`).sort()).toEqual(wanted.sort());
  });
});

interface Rows {
  readonly ingress: readonly NpGuardRow[];
  readonly egress: readonly NpGuardRow[];
  readonly unprotected: ReadonlyArray<{ readonly workload: string; readonly direction: 'ingress' | 'egress' }>;
}

/** Exposure in the notation of netpol-analyzer, which counts addresses outside among those that a workload is exposed to. */
function exposureRows(analysis: Analysis, connections: readonly NpGuardRow[]): Rows {
  const { connections: possible, unprotected } = analysis.exposure();
  const rows = possible.map(({ source, destination, ports }) => ({ src: nameOf(source), dst: nameOf(destination), conn: connText(ports) || 'No Connections' }));
  const isWorkload = (name: string): boolean => /^[^[]+\[[A-Z][A-Za-z]+\]$/.test(name);
  return {
    ingress: [...connections.filter(({ src }) => src.endsWith('[External]')), ...rows.filter(({ dst }) => isWorkload(dst))],
    egress: [...connections.filter(({ dst }) => dst.endsWith('[External]')), ...rows.filter(({ src }) => isWorkload(src))],
    unprotected: unprotected.flatMap(({ workload, directions }) => directions.map((direction) => ({ workload: nameOf(workload), direction }))),
  };
}

function inFocus(rows: readonly NpGuardRow[], focus: Focus | undefined, direction: 'ingress' | 'egress'): NpGuardRow[] {
  const wanted = rows.filter((row) => concerns(direction === 'ingress' ? row.dst : row.src, direction, focus));
  if (focus?.connection === undefined) return wanted;
  // what differs from other pods only beyond the asked connection is not told
  const rest = focused(wanted, { connection: focus.connection });
  const everybody = new Set(rest.filter(({ src, dst }) => src === ENTIRE_CLUSTER || dst === ENTIRE_CLUSTER).map(({ src, dst, conn }) => `${src === ENTIRE_CLUSTER ? dst : src} ${conn}`));
  return rest.filter(({ src, dst, conn }) => !(/\/\[/.test(src) && everybody.has(`${dst} ${conn}`)) && !(/\/\[/.test(dst) && everybody.has(`${src} ${conn}`)));
}

const ENTIRE_CLUSTER = 'entire-cluster';

/** One value of `In` is a label, values and requirements are a set. */
function canonical({ src, dst, conn }: NpGuardRow): NpGuardRow {
  const name = (text: string): string => text.replace(/with \{(.*?)\}\]/g, (_, inside: string) => {
    const parts = inside.match(/\{[^}]*\}|[^,{}]+/g) ?? [];
    const rewritten = parts.map((part) => {
      const [, key, operator, values] = /^\{Key:(.*),Operator:(.*),Values:\[(.*)\],\}$/.exec(part) ?? [];
      if (key === undefined || values === undefined) return part;
      const sorted = values.split(' ').sort();
      return operator === 'In' && sorted.length === 1 ? `${key}=${sorted[0]}` : `{Key:${key},Operator:${operator},Values:[${sorted.join(' ')}],}`;
    });
    return `with {${[...rewritten.filter((part) => !part.startsWith('{')).sort(), ...rewritten.filter((part) => part.startsWith('{')).sort()].join(',')}}]`;
  });
  return { src: name(src), dst: name(dst), conn };
}

function concerns(workload: string, direction: string, focus: Focus | undefined): boolean {
  return (focus?.direction ?? direction) === direction && (focus?.workloads === undefined || isOneOf(workload, focus.workloads));
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function nameOf(end: EndpointJson): string {
  switch (end.kind) {
    case 'workload':
      return `${end.namespace}/${end.name}[${end.workload}]`;
    case 'cluster':
      return ENTIRE_CLUSTER;
    case 'selector': {
      const namespaces = Selector.of(end.namespaceSelector);
      const name = namespaces.requirements.length === 1 ? namespaces.asLabels?.[NAMESPACE_NAME_LABEL] : undefined;
      const inside = name ?? (namespaces.matchesEverything ? '[all namespaces]' : `[namespace with {${requirementsText(namespaces)}}]`);
      const pods = Selector.of(end.podSelector);
      return `${inside}/${pods.matchesEverything ? '[all pods]' : `[pod with {${requirementsText(pods)}}]`}`;
    }
    default:
      return `unexpected ${end.kind}`;
  }
}

function requirementsText(selector: Selector): string {
  const isLabel = ({ operator, values }: Requirement): boolean => operator === 'In' && values.length === 1;
  const labels = selector.requirements.filter(isLabel).map(({ key, values }) => `${key}=${values[0]}`);
  const others = selector.requirements.filter((each) => !isLabel(each)).sort((a, b) => (a.key < b.key ? -1 : 1));
  return [...labels.sort(), ...others.map(({ key, operator, values }) => `{Key:${key},Operator:${operator},Values:[${values.join(' ')}],}`)].join(',');
}
