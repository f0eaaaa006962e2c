import { defineRule } from './framework/policy-rule';
import { STAGE_RECORD } from './framework/stage-record';

const DAY = 24 * 60 * 60 * 1000;

export const auditStageExpired = defineRule({
  id: 'audit-stage-expired',
  title: 'A namespace is in AUDIT for too long',
  severity: 'warning',
  rationale: 'In AUDIT nothing is stopped: a namespace that stays there looks protected and is open.',
  bad: `# as the API server tells it, with the time of the write
apiVersion: v1
kind: ConfigMap
metadata:
  name: netpol-stage
  namespace: pay
  managedFields:
    - { manager: kubectl, operation: Apply, time: "2020-01-31T10:00:00Z", fieldsV1: { f:data: { f:stage: {} } } }
data: { owner: payments, stage: AUDIT }
`,
  good: `apiVersion: v1
kind: ConfigMap
metadata:
  name: netpol-stage
  namespace: pay
  managedFields:
    - { manager: kubectl, operation: Apply, time: "2020-03-02T10:00:00Z", fieldsV1: { f:data: { f:stage: {} } } }
data: { owner: payments, stage: ENFORCE }
`,
  fix: {
    summary: 'compare what was recorded with the policies, and go to ENFORCE; or go back to OBSERVE, and say so',
    yaml: 'data: { stage: ENFORCE }, which the constructs write',
    construct: 'stage: RolloutStage.ENFORCE',
  },
  controls: ['NIST SP 800-53 SC-7(5)', 'NIST SP 800-53 CA-7'],
  onByDefault: false,
  options: {
    days: { type: 'number', default: 30, description: 'how many days a namespace may be in AUDIT' },
  },
  check(context, report) {
    const { objects, options, settings } = context;
    for (const [namespace, { stage }] of objects.records) {
      const object = { kind: 'ConfigMap', namespace, name: STAGE_RECORD };
      const origin = objects.get(object)?.origin;
      if (stage !== 'AUDIT' || !context.isChecked(origin)) continue;
      const since = context.stageSince(namespace);
      if (since === undefined) {
        report.notEvaluated(namespace, 'neither the API server nor git tells since when the namespace is in AUDIT');
        continue;
      }
      const days = Math.floor((Date.parse(settings.today) - Date.parse(since)) / DAY);
      if (days <= options.days) continue;
      report.finding({
        object,
        path: 'data.stage',
        ...(origin === undefined ? {} : { origin }),
        message: `${namespace} is in AUDIT since ${since}, ${days} days, and ${options.days} are allowed: nothing is stopped in it`,
        key: 'AUDIT',
      });
    }
  },
});
