import { ApiObject, App, IResolver, JsonPatch, ResolutionContext, Yaml } from 'cdk8s';
import fc from 'fast-check';
import { adoptExisting } from '../../../examples/adopt-existing/main';
import { onlineBoutique } from '../../../examples/online-boutique/main';
import { threeTeams } from '../../../examples/three-teams/main';
import { RolloutStage } from '../../../lib';

/** Charts as cdk8s renders them, one by one. */
const rendered = (app: App): string => Yaml.stringify(...app.charts.flatMap((chart) => chart.toJson() as unknown[]));

/** What a whole synth writes. */
const written = (app: App): string => app.synthYaml();

describe('policies rendered in a synth are what cdk8s renders outside of one', () => {
  test.each([['online-boutique', onlineBoutique], ['three-teams', threeTeams], ['adopt-existing', adoptExisting]])('%s', (_, build) => {
    fc.assert(fc.property(fc.constantFrom(RolloutStage.AUDIT, RolloutStage.ENFORCE), (stage) => {
      const app = new App();
      build(app, stage);
      expect(written(app)).toBe(rendered(app));
    }), { numRuns: 4 });
  });

  test('a patch of the escape hatch is in both', () => {
    const app = new App();
    adoptExisting(app);
    const deny = app.node.findAll().find((each): each is ApiObject => ApiObject.isApiObject(each) && each.name === 'default-deny')!;
    deny.addJsonPatch(JsonPatch.add('/metadata/labels/patched', 'so'));
    expect(written(app)).toContain('patched: so');
  });

  test('resolvers of the app see every value', () => {
    class Tokens implements IResolver {
      public resolve(context: ResolutionContext): void {
        if (context.value === 'mariadb') context.replaceValue('resolved');
      }
    }
    const app = new App({ resolvers: [new Tokens()] });
    adoptExisting(app);
    expect(written(app)).not.toContain('mariadb\n');
    expect(written(app)).toBe(rendered(app));
  });
});
