import { existsSync } from 'node:fs';

export default {
  // lib and cli/src for the coverage of what no test imports
  roots: ['lib', 'test', 'cli/src', 'cli/test', 'examples']
    .filter((folder) => existsSync(new URL(folder, import.meta.url)))
    .map((folder) => `<rootDir>/${folder}`),
  testMatch: ['**/*.test.ts'],
  // test/api-server needs a kube-apiserver: jest.cluster.config.mjs
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/consumer/', '<rootDir>/test/api-server/'],
  modulePathIgnorePatterns: ['<rootDir>/test/consumer/', '<rootDir>/examples/[^/]+/dist/'],
  // `ts` first: lib/ holds the compiled .js beside its sources, and a test of last week's build says nothing
  moduleFileExtensions: ['ts', 'tsx', 'js', 'mjs', 'cjs', 'json', 'node'],
  moduleNameMapper: {
    '^cdk8s-netpol$': '<rootDir>/lib/index.ts',
    '^cdk8s-netpol/([a-z-]+)$': '<rootDir>/lib/$1/index.ts',
  },
  // types are checked by `npm run lint`, for lib, cli, test and examples at once
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/tsconfig.json', diagnostics: false }] },
  setupFiles: ['<rootDir>/scripts/jest-setup.cjs'],
  collectCoverageFrom: ['lib/**/*.ts', 'cli/src/**/*.ts', '!**/*.d.ts'],
  coverageDirectory: 'coverage',
  coverageReporters: ['text-summary', 'lcov'],
};
