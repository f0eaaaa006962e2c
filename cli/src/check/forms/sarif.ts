import { objectText } from 'cdk8s-netpol/analysis';
import { OWN_RULES, RuleDescription } from 'cdk8s-netpol/rules';
import { CheckReport } from '../report';
import { ruleAddress, ruleMarkdown } from '../rule-page';
import { filePlace, ShownFinding } from '../shown-finding';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const HOME = 'https://github.com/cdk8s-netpol/cdk8s-netpol';
/** The root that places are relative to, as GitHub and others name it. */
const ROOT = '%SRCROOT%';
/** A change of how fingerprints are made is a change of this name. */
const FINGERPRINT = 'netpolFinding/v1';

/**
 * SARIF 2.1.0, which code scanning reads. Accepted findings are there with their reason, what was not evaluated is a notification.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function* checkSarif(report: CheckReport, version: string): Generator<string> {
  const rules: readonly RuleDescription[] = [...report.rules, ...Object.values(OWN_RULES)];
  const indices = new Map(rules.map(({ id }, index) => [id, index]));
  const results = [
    ...report.findings.map((shown) => resultOf(shown, indices)),
    ...report.suppressed.map((shown) => ({ ...resultOf(shown, indices), suppressions: [{ kind: 'external', justification: shown.reason }] })),
  ];
  const notifications = report.notEvaluated.map(({ rule, namespace, reason }) => ({
    level: 'note',
    message: { text: `${rule} was not evaluated${namespace === undefined ? '' : ` in ${namespace}`}: ${reason}` },
    associatedRule: { id: rule, index: indices.get(rule) ?? -1 },
  }));
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [{
      tool: { driver: { name: 'netpol', version, informationUri: HOME, rules: rules.map(descriptorOf) } },
      columnKind: 'utf16CodeUnits',
      originalUriBaseIds: { [ROOT]: { description: { text: 'The folder in which netpol ran.' } } },
      invocations: [{ executionSuccessful: true, toolExecutionNotifications: notifications }],
      results,
    }],
  };
  yield `${JSON.stringify(log, undefined, 2)}\n`;
}

function descriptorOf(rule: RuleDescription): object {
  const { id, title, severity, rationale, fix, controls } = rule;
  return {
    id,
    name: id.split('-').map((word) => word[0]!.toUpperCase() + word.slice(1)).join(''),
    shortDescription: { text: `${title}.` },
    fullDescription: { text: rationale },
    help: { text: `${fix.summary}.`, markdown: ruleMarkdown(rule) },
    helpUri: ruleAddress(id),
    defaultConfiguration: { level: severity },
    properties: { tags: ['kubernetes', 'network-policy', ...controls] },
  };
}

function resultOf(shown: ShownFinding, indices: ReadonlyMap<string, number>): object {
  const { finding, reproduce, fingerprint } = shown;
  const { rule, severity, message, fix, owner, object, path, exception } = finding;
  const place = filePlace(shown);
  const physicalLocation = place === undefined ? {} : {
    physicalLocation: {
      artifactLocation: { uri: uriOf(place.file), uriBaseId: ROOT },
      region: { startLine: place.line, ...(place.column === undefined ? {} : { startColumn: place.column }) },
    },
  };
  const logicalLocations = [{ name: object.name, kind: 'object', fullyQualifiedName: `${objectText(object)}${path === '' ? '' : `#${path}`}` }];
  return {
    ruleId: rule,
    ruleIndex: indices.get(rule) ?? -1,
    level: severity,
    message: { text: `${message}. Fix: ${fix}. Owner: ${owner ?? 'nobody is named'}. Reproduce: ${reproduce}. Exception: ${exception}` },
    locations: [{ ...physicalLocation, logicalLocations }],
    partialFingerprints: { [FINGERPRINT]: fingerprint },
    properties: { owner: owner ?? null, reproduce },
  };
}

function uriOf(file: string): string {
  return file.split('/').map(encodeURIComponent).join('/');
}
