import { RolloutStage } from 'cdk8s-netpol';
import { CNIS, everyConstruct } from '../schema/every-construct';
import { describeWithShared } from '../shared-data';
import { KubernetesObject } from './client';
import { admin, ensureNamespace } from './cluster';
import { exampleForms, exampleNames, Form, titleOf } from './example-apps';
import { installCrds } from './published-crds';

const FORMS = exampleForms();
const SYNTHESIZED = FORMS.flatMap((form) => Object.values(RolloutStage).flatMap((stage): Array<[string, readonly KubernetesObject[]]> => {
  const synth = form.stages[stage];
  return 'refused' in synth ? [] : [[`${titleOf(form)}: ${stage}`, synth.objects]];
}));

/** On GKE Dataplane V2 AUDIT is refused, and the definitions of its own kinds are not published. */
const CONSTRUCTS = Object.entries(CNIS).flatMap(([name, cni]) => Object.values(RolloutStage)
  .filter((stage) => name !== 'gke-dpv2' || stage !== RolloutStage.AUDIT)
  .map((stage): [string, readonly KubernetesObject[]] => [
    `${name}: ${stage}`, (everyConstruct(stage, cni) as KubernetesObject[]).filter(({ apiVersion }) => !apiVersion.startsWith('networking.gke.io/')),
  ]));

describeWithShared('schemas', 'every example, on every CNI that it can be synthesized for, is accepted with unknown fields refused', () => {
  beforeAll(async () => {
    await installCrds();
    const constructs = CONSTRUCTS.flatMap(([, objects]) => objects);
    const namespaces = new Set([...constructs, ...SYNTHESIZED.flatMap(([, objects]) => objects)].flatMap(({ metadata }) => metadata.namespace ?? []));
    for (const namespace of namespaces) await ensureNamespace(namespace);
  });

  test.each(SYNTHESIZED)('%s', async (_, objects) => {
    expect(objects.length).toBeGreaterThan(0);
    expect(await refusedOf(objects)).toEqual([]);
  });

  test.each(CONSTRUCTS)('and so is what every construct emits: %s', async (_, objects) => {
    expect(objects.length).toBeGreaterThan(0);
    expect(await refusedOf(objects)).toEqual([]);
  });

  test('the server refuses what is wrong, of each kind that the examples hold', async () => {
    const kinds = new Map(SYNTHESIZED.flatMap(([, objects]) => objects.map((object) => [`${object.apiVersion} ${object.kind}`, object] as const)));
    expect(kinds.size).toBeGreaterThanOrEqual(7);
    for (const [kind, object] of kinds) {
      const answers = [
        await admin.apply({ ...object, spce: {} }, '&dryRun=All'),
        await admin.apply({ ...object, metadata: { ...object.metadata, name: 'Not A Name' } }, '&dryRun=All').catch(() => ({ status: 400 })),
        ...('spec' in object ? [await admin.apply({ ...object, spec: { ...object.spec as object, podSelectr: {} } }, '&dryRun=All')] : []),
      ];
      expect([kind, answers.filter(({ status }) => status < 400).length]).toEqual([kind, 0]);
    }
  });
});

test('every folder of examples/ is here, and each is synthesized as it is in every stage', () => {
  const asItIs = FORMS.filter(({ cnis }) => cnis.includes(undefined));
  expect(asItIs.map(({ example }) => example)).toEqual(exampleNames());
  expect(exampleNames().length).toBeGreaterThanOrEqual(3);
  for (const form of asItIs) expect([form.example, refusals(form)]).toEqual([form.example, []]);
});

test('where synth refuses an example it is for the CNI, by its name', () => {
  for (const form of FORMS) {
    const names = form.cnis.map((cni) => cni?.split('@')[0]).join('|');
    for (const [stage, message] of refusals(form)) expect(`${titleOf(form)}, ${stage}: ${message}`).toMatch(new RegExp(`\\b(${names})\\b.*\n?.*\\b(${names})\\b`));
  }
});

function refusals({ stages }: Form): Array<[string, string]> {
  return Object.entries(stages).flatMap(([stage, synth]): Array<[string, string]> => ('refused' in synth ? [[stage, synth.refused]] : []));
}

/** What the server says against objects; a warning counts. */
async function refusedOf(objects: readonly KubernetesObject[]): Promise<string[]> {
  const refused: string[] = [];
  for (const object of objects) {
    const { status, message, warnings } = await admin.apply(object, '&dryRun=All');
    if (status >= 300 || warnings.length > 0) refused.push(`${object.kind} ${object.metadata.namespace}/${object.metadata.name}: ${status} ${message} ${warnings.join(', ')}`);
  }
  return refused;
}
