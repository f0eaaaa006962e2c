import { readFileSync } from 'node:fs';
import Ajv, { type AnySchema } from 'ajv';
import fc from 'fast-check';
import { API_VERSION, FQDN_KIND, LOGGING_KIND, writeFqdnNetworkPolicy } from '../../../lib/dialects/gke';
import { policyKey } from '../../../lib/policy';
import { describeWithShared, sharedPath } from '../../shared-data';
import { fqdnPolicy } from './arbitraries';
import { readFqdn } from './documents';

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('an FQDNNetworkPolicy that is written is read as the same policy, without an issue', () => {
  fc.assert(fc.property(fqdnPolicy, (policy) => {
    const { name, namespace, spec } = writeFqdnNetworkPolicy(policy);
    const { policy: again, issues } = readFqdn(asJson(spec), { name, namespace });
    expect(policyKey(again)).toBe(policyKey(policy));
    expect(issues).toEqual([]);
  }));
});

describeWithShared('schemas', 'the published schemas', () => {
  const schemaOf = (kind: string): AnySchema => JSON.parse(readFileSync(sharedPath('schemas', 'networking.gke.io', 'v1alpha1', `${kind.toLowerCase()}.schema.json`), 'utf8')) as AnySchema;
  const validator = (kind: string): ((spec: unknown, metadata?: object) => string[]) => {
    const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schemaOf(kind));
    return (spec, metadata = { name: 'default' }) => (validate({ apiVersion: API_VERSION, kind, metadata, spec }) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`));
  };

  test('accept every FQDNNetworkPolicy that is written', () => {
    const errors = validator(FQDN_KIND);
    fc.assert(fc.property(fqdnPolicy, (policy) => expect(errors(asJson(writeFqdnNetworkPolicy(policy).spec))).toEqual([])));
  });

  test('refuse what the readers refuse or report', () => {
    expect(validator(FQDN_KIND)({ podSelector: {}, egress: [] })).toEqual(['/spec/egress must NOT have fewer than 1 items']);
    expect(validator(FQDN_KIND)({ podSelector: {}, egress: [{ matches: [{ name: 'a' }], ports: [{ endPort: 1 }] }] })).toEqual(['/spec/egress/0/ports/0 must NOT have additional properties']);
    expect(validator(LOGGING_KIND)({ cluster: { denied: {} } })).toEqual(['/spec/cluster must NOT have additional properties']);
    expect(validator(LOGGING_KIND)({}, { name: 'mine' })).toEqual(['/metadata/name must match pattern "^default$"']);
  });
});
