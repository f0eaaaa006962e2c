// The tests that ask a real kube-apiserver: `npm run test:cluster`. `npm test` leaves them out.
import base from './jest.config.mjs';

export default {
  ...base,
  roots: ['<rootDir>/test/api-server'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/test/api-server/global-setup.ts',
  globalTeardown: '<rootDir>/test/api-server/global-teardown.ts',
  testTimeout: 60_000,
};
