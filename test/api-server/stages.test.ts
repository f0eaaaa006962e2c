import { execFileSync } from 'node:child_process';
import { Cni, RolloutStage } from 'cdk8s-netpol';
import { describeWithShared } from '../shared-data';
import { expectDone, KubernetesObject } from './client';
import { admin, allowEverything, ensureNamespace } from './cluster';
import { applyAll, ClusterState, Written } from './cluster-state';
import { exampleForms, Form, objectsOf, titleOf } from './example-apps';
import { argoCd, guardrailObjects, inForce, noLongerInForce, onCall, PROPS } from './guardrail-suite';
import { installCrds } from './published-crds';

const { OBSERVE, AUDIT, ENFORCE } = RolloutStage;

/** Where synth refuses a stage there is no change to it. */
const FORMS = exampleForms().filter(({ stages }) => Object.values(stages).every((synth) => 'objects' in synth));
const POLICY = /NetworkPolicy\//;

describeWithShared('schemas', 'stages applied to a server without pruning', () => {
  let state: ClusterState;

  beforeAll(async () => {
    await installCrds();
    await allowEverything();
    const all = FORMS.flatMap((form) => [OBSERVE, AUDIT, ENFORCE].flatMap((stage) => objectsOf(form.stages[stage])));
    for (const namespace of new Set(all.flatMap(({ metadata }) => metadata.namespace ?? []))) await ensureNamespace(namespace);
    state = await ClusterState.from(all);
  });
  afterEach(() => state.clear());

  const known = new Map<string, Written[]>();
  /** What a stage leaves on a server that has seen no other. */
  const alone = async (form: Form, stage: RolloutStage): Promise<Written[]> => {
    const key = `${titleOf(form)} ${stage}`;
    if (!known.has(key)) {
      await applyAll(objectsOf(form.stages[stage]));
      known.set(key, await state.written());
      await state.clear();
    }
    return known.get(key)!;
  };

  test('the examples come in several forms', () => {
    expect(FORMS.length).toBeGreaterThanOrEqual(6);
    expect(FORMS.some(({ cnis }) => cnis.some((cni) => cni?.startsWith('cilium') === true))).toBe(true);
  });

  describe.each(FORMS.map((form): [string, Form] => [titleOf(form), form]))('%s', (_, form) => {
    test('forward and back leaves what each stage alone leaves; none relies on a deletion', async () => {
      const expected = { [OBSERVE]: await alone(form, OBSERVE), [AUDIT]: await alone(form, AUDIT), [ENFORCE]: await alone(form, ENFORCE) };
      expect(idsOf(enforced(expected[AUDIT]))).toEqual(idsOf(expected[ENFORCE]));
      expect(idsOf(expected[ENFORCE]).filter((id) => id.endsWith('/NetworkPolicy/default-deny')).length).toBeGreaterThan(0);
      for (const stage of [OBSERVE, AUDIT, ENFORCE, AUDIT]) {
        await applyAll(objectsOf(form.stages[stage]));
        expect([stage, enforced(await state.written())]).toEqual([stage, enforced(expected[stage])]);
      }
    });

    test('the rollback by hand adds one object, which says what AUDIT says, and edits none', async () => {
      const audit = await alone(form, AUDIT);
      await applyAll(objectsOf(form.stages[ENFORCE]));
      const inEnforce = await state.written();
      let compared = 0;
      for (const rollback of rollbacksOf(form)) {
        const before = await state.written();
        expectDone(await admin.create(rollback));
        const after = await state.written();
        const { namespace } = rollback.metadata;
        const added = after.filter(({ id }) => !idsOf(before).includes(id));
        expect(idsOf(added)).toEqual([`${namespace}/${rollback.kind}/netpol-rollback`]);
        expect(after.filter(({ id }) => idsOf(before).includes(id))).toEqual(before);
        // a proxy's namespace is in ENFORCE in every stage of its app
        if (stageOf(audit, namespace!) !== AUDIT) continue;
        expect(added[0]!.spec).toEqual(audit.find(({ id }) => id === `${namespace}/${rollback.kind}/netpol-audit`)!.spec);
        compared++;
      }
      expect(compared).toBeGreaterThan(0);
      // made permanent in git, then taken away by hand
      await applyAll(objectsOf(form.stages[AUDIT]));
      for (const rollback of rollbacksOf(form)) expectDone(await admin.delete(rollback));
      expect(await state.written()).toEqual(audit);
      await applyAll(objectsOf(form.stages[ENFORCE]));
      expect(enforced(await state.written())).toEqual(inEnforce);
    });

    test('under guardrails Argo CD ships every stage, and the group on call rolls back', async () => {
      // what an example includes was there before, and may go without an owner until somebody changes it
      await applyAll(objectsOf(form.stages[OBSERVE]));
      const guardrails = guardrailObjects(Cni.parse(form.cnis[0] ?? 'calico@3.31'), PROPS);
      await inForce(guardrails);
      try {
        for (const stage of [OBSERVE, AUDIT, ENFORCE]) await applyAll(objectsOf(form.stages[stage]), argoCd);
        for (const rollback of rollbacksOf(form)) expectDone(await onCall.create(rollback));
        await applyAll(objectsOf(form.stages[AUDIT]), argoCd);
        for (const rollback of rollbacksOf(form)) expectDone(await onCall.delete(rollback));
        const { length } = (await state.written()).filter(({ id }) => POLICY.test(id));
        expect(length).toBe(objectsOf(form.stages[AUDIT]).filter(({ kind }) => /NetworkPolicy$/.test(kind)).length);
      } finally {
        await noLongerInForce(guardrails);
      }
    });
  });
});

/** Without what is shown in AUDIT and enforced nowhere: it may stay. */
function enforced(written: readonly Written[]): Written[] {
  return written.filter(({ id }) => !id.includes('/Staged'));
}

function idsOf(written: readonly Written[]): string[] {
  return written.map(({ id }) => id);
}

/** The stage of a namespace, as its record has it. */
function stageOf(written: readonly Written[], namespace: string): unknown {
  return (written.find(({ id }) => id === `${namespace}/ConfigMap/netpol-stage`)!.data as Readonly<Record<string, unknown>>)['stage'];
}

/** The objects that the lines of the records hand to kubectl, as a shell hands them over. */
function rollbacksOf(form: Form): KubernetesObject[] {
  const lines = objectsOf(form.stages[ENFORCE]).filter(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'netpol-stage')
    .map((record) => (record['data'] as Readonly<Record<string, string>>)['rollback']!);
  expect(lines.length).toBeGreaterThan(0);
  return lines.map((line) => {
    expect(line).toMatch(/ \| kubectl create -f -$/);
    return JSON.parse(execFileSync('sh', ['-c', line.replace('kubectl create -f -', 'cat')], { encoding: 'utf8' })) as KubernetesObject;
  });
}
