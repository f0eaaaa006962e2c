import { FoundEvidence, policyDigest } from './framework/gate-evidence';
import { defineRule } from './framework/policy-rule';
import { STAGE_RECORD } from './framework/stage-record';

export const enforceWithoutEvidence = defineRule({
  id: 'enforce-without-evidence',
  title: 'A namespace goes to ENFORCE without evidence that nothing breaks',
  severity: 'error',
  rationale: 'What was never held against recorded traffic drops whatever nobody thought of, and the outage is the first to tell.',
  bad: `apiVersion: v1
kind: ConfigMap
metadata: { name: netpol-stage, namespace: pay }
data: { owner: payments, stage: ENFORCE }
`,
  good: `# until the gate has said PASS, and evidence/pay.json is in git
apiVersion: v1
kind: ConfigMap
metadata: { name: netpol-stage, namespace: pay }
data: { owner: payments, stage: AUDIT }
`,
  fix: {
    summary: 'ask the gate, and commit what it writes: netpol gate pay dist/ --write evidence/pay.json',
    yaml: 'evidence/pay.json, which netpol gate writes',
    construct: 'stage: RolloutStage.AUDIT, until the gate has said PASS',
  },
  controls: ['NIST SP 800-53 CM-3(2)', 'NIST SP 800-53 SC-7(5)'],
  onByDefault: false,
  options: {
    folder: { type: 'text', default: 'evidence', description: 'where the evidence is, relative to netpol.yaml: a file NAMESPACE.json for each namespace' },
  },
  check(context, report) {
    const { objects, inventory, options, settings } = context;
    for (const [namespace, { stage }] of objects.records) {
      const object = { kind: 'ConfigMap', namespace, name: STAGE_RECORD };
      const origin = objects.get(object)?.origin;
      if (stage !== 'ENFORCE' || !context.isChecked(origin)) continue;
      const file = `${options.folder}/${namespace}.json`;
      const problem = problemOf(context.evidence(options.folder, namespace), policyDigest(inventory, namespace), settings.today, file);
      if (problem === undefined) continue;
      report.finding({ object, path: 'data.stage', ...(origin === undefined ? {} : { origin }), message: `${namespace} is in ENFORCE, and ${problem}`, key: 'ENFORCE' });
    }
  },
});

function problemOf(evidence: FoundEvidence, digest: string, today: string, file: string): string | undefined {
  if (evidence === undefined) return `there is no evidence for it in ${file}`;
  if ('unreadable' in evidence) return `its evidence cannot be read: ${evidence.unreadable}`;
  if (evidence.until < today) return `its evidence in ${file} has expired on ${evidence.until}`;
  return evidence.policyDigest === digest ? undefined : `its evidence in ${file} is for other policies than these`;
}
