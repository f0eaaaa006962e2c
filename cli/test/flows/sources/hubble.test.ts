import { HUBBLE, HUBBLE_EXPORTER, RETINA } from '../../../src/flows/sources/hubble';
import { testSample } from './samples';

testSample(HUBBLE, 'hubble/observe.ndjson');
testSample(HUBBLE_EXPORTER, 'hubble-exporter/events.ndjson');
testSample(RETINA, 'retina/retina.ndjson');
