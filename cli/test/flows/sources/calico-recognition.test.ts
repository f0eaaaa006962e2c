import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithShared, sharedPath } from '../../../../test/shared-data';
import { CALICO_ENTERPRISE } from '../../../src/flows/sources/calico-enterprise';
import { CALICO_GOLDMANE } from '../../../src/flows/sources/calico-goldmane';
import { CALICO_WHISKER } from '../../../src/flows/sources/calico-whisker';
import { OTTERIZE } from '../../../src/flows/sources/otterize';
import { OTTERIZE_EDGES } from '../../../src/flows/sources/otterize-edges';
import { headOf } from './samples';

const SOURCES = [CALICO_GOLDMANE, CALICO_WHISKER, CALICO_ENTERPRISE, OTTERIZE, OTTERIZE_EDGES];

describeWithShared('flows', 'a sample of another source', () => {
  const samples = readdirSync(sharedPath('flows'), { recursive: true, encoding: 'utf8' }).filter((file) => file.includes('/') && !/\.(?:expected|inventory)\.json$/.test(file));

  it.each(samples)('%s is nobody else\'s', (file) => {
    const text = readFileSync(join(sharedPath('flows'), file), 'utf8');
    const claims = SOURCES.filter((source) => source.recognises(headOf(source, text))).map(({ id }) => id);
    const owner = SOURCES.find(({ id }) => file.startsWith(`${id}/`));
    expect(claims).toEqual(owner === undefined ? [] : [owner.id]);
  });
});
