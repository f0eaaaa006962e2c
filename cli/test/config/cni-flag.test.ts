import { cniText, parseCni, profileFor } from '../../src/config/cni-flag';

test.each([
  ['generic', { name: 'generic', settings: {} }],
  ['cilium@1.18', { name: 'cilium', version: '1.18', settings: {} }],
  ['cilium@1.18,enable-policy=always,cnp=off', { name: 'cilium', version: '1.18', settings: { 'enable-policy': 'always', 'cnp': 'off' } }],
  ['generic,x=a=b', { name: 'generic', settings: { x: 'a=b' } }],
])('%s', (text, choice) => {
  expect(parseCni(text)).toEqual(choice);
  expect(cniText(parseCni(text))).toBe(text);
});

test('a switch is on or off, whatever YAML made of it', () => {
  expect(parseCni('generic,cnp=false').settings).toEqual({ cnp: 'off' });
  expect(parseCni('generic,ipBlockMatchesPods=false').settings).toEqual({ ipBlockMatchesPods: 'false' });
});

test.each(['', '@1', 'cilium@', 'a@1@2', 'generic,', 'generic,x', 'generic,=1', 'generic,x=1,x=2'])('%j is refused', (text) => {
  expect(() => parseCni(text)).toThrow(/is not a CNI\. Instead: NAME/);
});

test('the semantics of a profile come with its settings', () => {
  expect(profileFor(parseCni('generic,ipBlockMatchesPods=true'))).toMatchObject({ id: 'generic', settings: { ipBlockMatchesPods: 'true' } });
  expect(() => profileFor(parseCni('none'))).toThrow(/"none"/);
});
