import { CNI_TABLE, CniRow, COMMON_SETTINGS, Fact, NETWORK_POLICY, OTHER_NAMES, cniRow, settingsOf } from '../../lib/cluster';

const FACTS = [
  'enforcesNetworkPolicy', 'auditForm', 'showsWouldBeDrops', 'establishedOnEnforce', 'ipBlockMatchesPods', 'ipBlockMatchesNodes',
  'cnpNetworksMatchPods', 'serviceMatch', 'podToOwnNode',
] as const;

const facts = (row: CniRow): Fact<unknown>[] => FACTS.map((name) => row[name]);

test('has a row for each CNI that the command line knows, once', () => {
  expect(CNI_TABLE.map((row) => row.name)).toEqual([
    'generic', 'cilium', 'calico', 'canal', 'antrea', 'aws', 'gke-dpv2', 'gke-calico', 'ovn-kubernetes', 'flannel', 'kube-router',
    'kindnet', 'azure-npm', 'weave-net', 'kube-network-policies',
  ]);
});

describe.each(CNI_TABLE.map((row) => [row.name, row] as const))('%s', (_name, row) => {
  test('every fact, API and setting has a source that can be opened', () => {
    for (const { source } of [row, ...facts(row), ...row.serves, ...settingsOf(row)]) {
      expect(source).toMatch(/^https:\/\/[a-z0-9.-]+\/\S+$/);
    }
  });

  test('facts and APIs turn on settings that it has, with values that they can have', () => {
    const known = new Map(settingsOf(row).map((setting) => [setting.name, setting.values]));
    const turns = facts(row).flatMap((fact) => (fact.when ?? []).map(({ setting, values }) => ({ setting, values })));
    const gates = row.serves.flatMap(({ setting }) => (setting === undefined ? [] : [{ setting: setting.name, values: [setting.value] }]));
    for (const { setting, values } of [...turns, ...gates]) {
      expect([...(known.get(setting) ?? [])]).toEqual(expect.arrayContaining([...values]));
    }
  });

  test('the default of each of its own settings is a value that it can have', () => {
    for (const setting of row.settings) {
      expect(setting.values).toContain(setting.default);
      expect(setting.meaning).not.toBe('');
    }
  });

  test('says whether it serves NetworkPolicy', () => {
    expect(row.serves.filter((entry) => entry.api === NETWORK_POLICY)).toHaveLength(1);
  });

  test('the common settings are not shadowed', () => {
    const common: string[] = COMMON_SETTINGS.map((setting) => setting.name);
    expect(row.settings.filter((setting) => common.includes(setting.name))).toEqual([]);
  });

  test('a fact that nobody could source says so in a note or hangs on what it names', () => {
    for (const fact of facts(row).filter(({ value }) => value === 'depends')) {
      expect(fact.note).toEqual(expect.any(String));
    }
  });
});

test('no other name is the name of a row', () => {
  for (const name of Object.keys(OTHER_NAMES)) expect(cniRow(name)).toBeUndefined();
});

test('only Flannel does not enforce where nothing is set', () => {
  expect(CNI_TABLE.filter((row) => row.enforcesNetworkPolicy.value === false).map((row) => row.name)).toEqual(['flannel']);
});
