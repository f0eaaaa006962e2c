import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { Inventory, Namespace, objectText, ObjectName, PolicyDocument, readInventory, SourceObject } from '../../../analysis';
import { POLICY_READERS } from '../../../dialects';
import { NAMESPACE_NAME_LABEL } from '../../../policy';
import { BUILT_IN_RULES, checkRules, ConfiguredException, Finding, IGNORE_ANNOTATION, OWN_RULES, PolicyRule, STAGE_RECORD } from '../../../rules';
import { AppFacts, Report, WholeAppCheck } from '../app-check';
import { evaluationOf } from '../evaluation';
import { PolicyObject } from '../policy-object';
import { choicesIn, chosenSeverity, CodedException, exceptionText, severityAt, SYNTH_RULES } from '../rule-choices';
import { isSynthesizing } from '../synth-window';
import { warn } from '../warn';

/**
 * The rules of `netpol check` that the objects of an app decide by themselves. Errors stop the synth; warnings are told on standard
 * error, once an app. What code accepts is written to the objects, so that `netpol check` accepts it too.
 */
export const policyRules: WholeAppCheck = (clusters, report) => {
  const root = clusters[0]?.estate.scope.node.root;
  if (root === undefined) return;
  const choices = choicesIn(root);
  const isAsked = ({ id, onByDefault = true }: PolicyRule): boolean => (onByDefault && chosenSeverity(root, id) !== 'off')
    || choices.some(({ severities }) => (severities.get(id) ?? 'off') !== 'off');
  const asked = SYNTH_RULES.filter(isAsked).map(({ id }) => id);
  const exceptions = choices.flatMap((each) => each.exceptions);
  const used = new Set<CodedException>();
  const tell = isSynthesizing(root) ? warn : (): void => undefined;
  for (const facts of clusters) ask(facts, asked, exceptions, used, report, tell);
  for (const exception of exceptions) {
    if (used.has(exception)) continue;
    if (asked.includes(exception.rule)) tell(exception.scope, `the exception of ${exception.rule} covers no finding: ${exception.reason}. Instead: remove it`);
    else hand(exception, clusters, report);
  }
};

type Tell = (construct: IConstruct, message: string) => void;

function ask(facts: AppFacts, only: readonly string[], exceptions: readonly CodedException[], used: Set<CodedException>, report: Report, tell: Tell): void {
  if (only.length === 0) return;
  const inventory = inventoryOf(facts);
  const input = { inventory, profile: evaluationOf(facts.estate.profile), rules: BUILT_IN_RULES, only };
  // labels and annotations only ever take findings of these rules away: most apps have none, and are not read for them
  const first = checkRules({ ...input, objects: [] });
  if (first.findings.length === 0 && first.notEvaluated.length === 0) return;
  const { objects, constructs } = objectsOf(facts);
  const placeOf = ({ object }: Finding): IConstruct => constructs.get(objectText(object)) ?? facts.estate.scope;
  const configured = exceptions.map((exception): ConfiguredException => ({
    rule: exception.rule,
    reason: exception.reason,
    ...(exception.until === undefined ? {} : { until: exception.until }),
    text: exception.scope.node.path,
    covers: (finding) => {
      const place = placeOf(finding);
      const isCovered = severityAt(place, finding) !== 'off' && isBelow(place, exception.scope);
      if (isCovered) used.add(exception);
      return isCovered;
    },
  }));
  const { findings, suppressed, notEvaluated } = checkRules({ ...input, objects, settings: { exceptions: configured } });
  for (const finding of findings) {
    const place = placeOf(finding);
    if (finding.rule === OWN_RULES.crashed.id) report(facts.estate.scope, finding.message);
    else if (finding.rule === OWN_RULES.expired.id && finding.object.kind === 'netpol.yaml') tell(scopeOf(finding, exceptions) ?? place, finding.message);
    else if (only.includes(finding.rule)) {
      const severity = severityAt(place, finding);
      if (severity === 'error') report(blamed(place), messageOf(finding, place));
      else if (severity === 'warning') tell(blamed(place), messageOf(finding, place));
    }
  }
  for (const { finding, reason } of suppressed) {
    const place = placeOf(finding);
    const exception = exceptions.find((each) => each.rule === finding.rule && each.reason === reason && isBelow(place, each.scope));
    // an item of a list has no annotations of its own here
    if (exception !== undefined && ApiObject.isApiObject(place) && place.kind === finding.object.kind) annotate(place, exceptionText(exception));
  }
  for (const { rule, reason } of notEvaluated) {
    if (chosenSeverity(facts.estate.scope, rule) !== undefined) tell(facts.estate.scope, `${rule} was not evaluated: ${reason}`);
  }
}

/** What has no bearing on traffic, and need not be rendered to be read. */
const UNREAD = ['ConfigMap', 'Secret'];

/** What the app says of the cluster. Our own policies are in the model already; the rest is read. */
function inventoryOf({ estate, policies, objects }: AppFacts): Inventory {
  const said = policies.filter(({ construct }) => PolicyObject.is(construct) && construct.saysTheModel);
  const ours = new Set(said.map(({ construct }) => construct));
  const others = objects.filter((object) => !ours.has(object) && !UNREAD.includes(object.kind));
  const rest = readInventory(others.map(sourceOf), { readers: POLICY_READERS });
  const namespaces = new Map(rest.namespaces);
  for (const { namespaceName: name, _labels } of estate.managed.values()) {
    const labels = { ..._labels, [NAMESPACE_NAME_LABEL]: name };
    if (namespaces.get(name)?.declared !== true) namespaces.set(name, { name, labels, annotations: {}, declared: false } satisfies Namespace);
  }
  const documents = said.map(({ policy, kind, construct }): PolicyDocument => ({ policy, kind, apiVersion: (construct as ApiObject).apiVersion }));
  return { ...rest, namespaces, policies: [...rest.policies, ...documents] };
}

/** Every object, and the construct that it comes from by its name. */
function objectsOf({ policies, objects }: AppFacts): { readonly objects: readonly SourceObject[]; readonly constructs: ReadonlyMap<string, IConstruct> } {
  const constructs = new Map<string, IConstruct>();
  for (const object of objects) constructs.set(textOf(object), object);
  for (const { policy: { name, namespace }, kind, construct } of policies) constructs.set(objectText(named(kind, name, namespace)), construct);
  return { objects: objects.map(sourceOf), constructs };
}

function sourceOf(object: ApiObject): SourceObject {
  return { object: object.toJson(), origin: { path: object.node.path } };
}

function textOf({ kind, name, metadata: { namespace } }: ApiObject): string {
  return objectText(named(kind, name, namespace));
}

function named(kind: string, name: string, namespace: string | undefined): ObjectName {
  return { kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

/** Whether an object is below a construct in the tree, or says what constructs below it say and nobody else. */
function isBelow(place: IConstruct, scope: IConstruct): boolean {
  const isIn = (each: IConstruct): boolean => each.node.scopes.includes(scope);
  const speakers = speakersOf(place);
  return isIn(place) || (speakers.length > 0 && speakers.every(isIn));
}

function speakersOf(place: IConstruct): readonly IConstruct[] {
  return PolicyObject.is(place) ? [...new Set(place.saidBy())] : [];
}

/** Where people find the code: the construct that says the policy, if one alone does. */
function blamed(place: IConstruct): IConstruct {
  const [only, ...others] = speakersOf(place);
  return only !== undefined && others.length === 0 ? only : place;
}

function messageOf({ rule, object, path, message, fix }: Finding, place: IConstruct): string {
  const speakers = speakersOf(place);
  const by = speakers.length > 1 ? ` (of ${speakers.map(({ node }) => node.path).join(', ')})` : '';
  return `${objectText(object)}${path === '' ? '' : ` ${path}`}${by}: ${message} [${rule}]. Instead: ${fix}. `
    + `Or PolicyChecks.of(${blamed(place).node.id}).ignore('${rule}', { reason })`;
}

function scopeOf({ key }: Finding, exceptions: readonly CodedException[]): IConstruct | undefined {
  return exceptions.find(({ rule, scope }) => key === `${rule} ${scope.node.path}`)?.scope;
}

/** Hands an exception of a rule that is not asked at synth to `netpol check`, which asks it: there one object has to carry it. */
function hand(exception: CodedException, clusters: readonly AppFacts[], report: Report): void {
  const { scope, rule } = exception;
  const isManaged = clusters.some(({ estate }) => [...estate.managed.values()].some((each) => each === scope));
  const candidates = isManaged ? scope.node.children.filter((each) => ApiObject.isApiObject(each)).filter(({ name }) => name === STAGE_RECORD) : [];
  const [carrier] = ApiObject.isApiObject(scope) ? [scope] : candidates;
  if (carrier !== undefined) annotate(carrier, exceptionText(exception));
  else {
    report(scope, `the exception of ${rule} has nothing to stand on: the rule is asked by netpol check, and not when this app synthesizes. `
      + 'Instead: PolicyChecks.of a DefaultDenyNamespace or of one object, or an exception in netpol.yaml');
  }
}

/** Adds an exception to those that an object has already. */
function annotate(object: ApiObject, text: string): void {
  const { metadata } = object.toJson() as { readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> } };
  const before = metadata?.annotations?.[IGNORE_ANNOTATION];
  if (before?.split('\n').includes(text) === true) return;
  object.metadata.addAnnotation(IGNORE_ANNOTATION, before === undefined ? text : `${before}\n${text}`);
  if (PolicyObject.is(object)) object.forget();
}
