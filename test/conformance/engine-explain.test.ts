import { type Analysis, type DirectionExplanation, type Reason } from '../../lib/analysis';
import { answerPacket, packetsFor } from '../../lib/analysis/answers';
import { resolveEnd } from '../../lib/analysis/asked-end';
import { explainDirection } from '../../lib/analysis/explain';
import { describeWithShared } from '../shared-data';
import { cases, expectedOf, npGuard, objectsIn } from './conformance-case';
import { allows, type Focus } from './focus';
import { connText } from './np-guard-notation';

interface ExpectedDirection {
  readonly verdict: string;
  readonly reasons: readonly Readonly<Record<string, unknown>>[];
}

interface Entry {
  readonly verdict: string;
  readonly conn: string;
  readonly systemDefault?: boolean;
  readonly egress?: ExpectedDirection;
  readonly ingress?: ExpectedDirection;
}

interface Expected {
  readonly options: { readonly focus?: Focus };
  readonly pairs: ReadonlyArray<{ readonly src: string; readonly dst: string; readonly entries: readonly Entry[] }>;
  readonly allByDefault: ReadonlyArray<{ readonly src: string; readonly dst: string }>;
}

describeWithShared('conformance', 'netpol-analyzer: explain', () => {
  test.each(cases('explain', ['netpol-analyzer']).map((each) => [each.id, each] as const))('%s', (_, each) => {
    const { pairs, allByDefault, options } = expectedOf<Expected>(each);
    const analysis = npGuard(objectsIn(each.path, 'input'));
    const focus = options.focus ?? {};
    for (const { src, dst, entries } of pairs) {
      const actual = entriesOf(analysis, endOf(src), endOf(dst)).flatMap((entry) => inFocus(entry, focus));
      expect({ src, dst, entries: sorted(actual) }).toEqual({ src, dst, entries: sorted(entries) });
    }
    for (const { src, dst } of allByDefault) {
      expect({ src, dst, entries: entriesOf(analysis, endOf(src), endOf(dst)) }).toEqual({ src, dst, entries: [{ verdict: 'allowed', conn: 'All Connections', systemDefault: true }] });
    }
    expect(pairs.length + allByDefault.length).toBeGreaterThan(0);
  });
});

/** `0.0.0.0-9.255.255.255[External]` is asked about by its first address: within a range none differs from another. */
function endOf(text: string): string {
  return text.replace(/^([0-9.]+)-[0-9.]+\[External\]$/, '$1');
}

/** What is said about each port, ports with equal explanations together. */
function entriesOf(analysis: Analysis, src: string, dst: string): Entry[] {
  const { model } = analysis;
  const { space } = model;
  const groups = new Map<string, { entry: Omit<Entry, 'conn'>; atoms: number[] }>();
  const packets = packetsFor(model, resolveEnd(model, src), resolveEnd(model, dst), { protocol: 'OTHER', port: 0 });
  for (let atom = 1; atom < space.atoms.length; atom++) {
    const packet = { ...packets[0]!, atom };
    const [egress, ingress] = [explainDirection(model, 'egress', packet), explainDirection(model, 'ingress', packet)].map(directionOf) as [ExpectedDirection, ExpectedDirection];
    const { verdict } = answerPacket(model, packet);
    const isDefault = [egress, ingress].every(({ reasons }) => reasons.length === 1 && reasons[0]?.effect === 'system-default');
    const entry = isDefault ? { verdict, systemDefault: true } : { verdict, egress, ingress };
    const key = JSON.stringify(entry);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { entry, atoms: [atom] });
    else group.atoms.push(atom);
  }
  return [...groups.values()].map(({ entry, atoms }) => ({ ...entry, conn: connText(space.toJson(space.ofAtoms(atoms))) }));
}

/** Reasons as netpol-analyzer tells them: cluster policies by the name of the rule, others by the number of their first one; by kind. */
function directionOf({ verdict, decidedBy, layers }: DirectionExplanation): ExpectedDirection {
  const passes = layers.flatMap(({ reasons }) => reasons.filter(({ effect }) => effect === 'passes'));
  const reasons = firstOfPolicies([...passes, ...decidedBy.filter(({ effect }) => effect !== 'passes')]).map(reasonOf);
  const isRouted = layers.some(({ layer }) => layer === 'routes');
  const routes = isRouted ? layers.flatMap((layer) => firstOfPolicies(layer.reasons).map(reasonOf)) : reasons;
  const shown = isRouted ? routes.filter(({ effect }) => (verdict === 'allowed' ? effect === 'allows' : effect !== 'allows')).sort((a, b) => (String(a.kind) < String(b.kind) ? -1 : String(a.kind) > String(b.kind) ? 1 : 0)) : reasons;
  return { verdict, reasons: shown };
}

function firstOfPolicies(reasons: readonly Reason[]): Reason[] {
  const isSame = (a: Reason, b: Reason): boolean => a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
  return reasons.filter((reason, index) => index === reasons.findIndex((other) => isSame(other, reason)));
}

function reasonOf({ effect, kind, namespace, name, ruleIndex, rule, service }: Reason): Readonly<Record<string, unknown>> {
  if (effect === 'system-default') return { effect };
  const policy = namespace === undefined ? name : `${namespace}/${name}`;
  if (service !== undefined) return { effect, kind, policy, service };
  return { effect, kind, policy, ...(rule !== undefined ? { rule } : ruleIndex !== undefined ? { ruleIndex } : {}) };
}

function inFocus(entry: Entry, { connection, explainOnly }: Focus): Entry[] {
  if (explainOnly !== undefined && entry.verdict !== (explainOnly === 'allow' ? 'allowed' : 'denied')) return [];
  if (connection === undefined) return [entry];
  const [protocol, port] = connection.toUpperCase().split('-') as [string, string];
  return allows(entry.conn, protocol, Number(port)) ? [{ ...entry, conn: `${protocol} ${port}` }] : [];
}

function sorted(entries: readonly Entry[]): string[] {
  return entries.map((entry) => stable(entry)).sort();
}

/** JSON with its keys in order. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'object' && part !== null && !Array.isArray(part)
    ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
    : part));
}
