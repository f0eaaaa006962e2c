import js from '@eslint/js';
import stylistic from '@stylistic/eslint-plugin';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** What a folder of the house may not import: data flows one way (docs/architecture.md). */
const boundary = (files, patterns) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
});
const NO_CDK8S = {
  group: ['cdk8s', 'cdk8s-*', 'constructs'],
  message: 'The engine is plain TypeScript: importing cdk8s costs the command line 60 ms, and a policy needs no construct tree.',
};
const MODEL_ONLY = {
  group: ['**/dialects', '**/dialects/**', '**/constructs', '**/constructs/**'],
  message: 'The analysis and the rules know the model only.',
};

export default tseslint.config(
  {
    ignores: [
      '**/node_modules', 'coverage', 'dist', 'cli/lib', 'examples/*/dist', 'test/consumer', 'lib/**/*.js', 'lib/**/*.d.ts',
    ],
  },
  {
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' },
  },
  js.configs.recommended,
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly', fetch: 'readonly', AbortSignal: 'readonly' } },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: { console: 'readonly', process: 'readonly', require: 'readonly', module: 'writable' } },
  },
  {
    files: ['**/*.{ts,mjs,cjs}'],
    plugins: { '@stylistic': stylistic, 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver({ project: 'tsconfig.json', noWarnOnMultipleProjects: true })] },
    rules: {
      'eqeqeq': ['error', 'always', { null: 'ignore' }],
      'curly': ['error', 'multi-line'],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      'prefer-const': 'error',
      '@stylistic/comma-dangle': ['error', 'always-multiline'],
      '@stylistic/eol-last': 'error',
      '@stylistic/indent': ['error', 2, { SwitchCase: 1 }],
      '@stylistic/max-len': ['error', { code: 160, ignoreUrls: true, ignoreRegExpLiterals: true, ignoreStrings: true, ignoreTemplateLiterals: true }],
      '@stylistic/no-multiple-empty-lines': ['error', { max: 1, maxBOF: 0, maxEOF: 0 }],
      '@stylistic/no-trailing-spaces': 'error',
      '@stylistic/quotes': ['error', 'single', { avoidEscape: true, allowTemplateLiterals: 'always' }],
      '@stylistic/semi': ['error', 'always'],
      'import-x/no-duplicates': 'error',
      'import-x/order': ['error', {
        // examples and the command line import it by its name, as their users do
        'pathGroups': [{ pattern: 'cdk8s-netpol{,/**}', group: 'external' }],
        'pathGroupsExcludedImportTypes': [],
        'groups': ['builtin', 'external', 'internal', 'parent', 'sibling', 'index'],
        'alphabetize': { order: 'asc', caseInsensitive: true },
        'newlines-between': 'ignore',
      }],
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-shadow': 'off',
      '@typescript-eslint/no-shadow': 'error',
      '@typescript-eslint/no-unused-vars': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['lib/**/*.ts'],
    rules: { 'import-x/no-extraneous-dependencies': ['error', { devDependencies: false, packageDir: import.meta.dirname }] },
  },
  {
    files: ['cli/src/**/*.ts'],
    rules: { 'import-x/no-extraneous-dependencies': ['error', { devDependencies: false, packageDir: `${import.meta.dirname}/cli` }] },
  },
  boundary(['lib/policy/**/*.ts', 'lib/dialects/**/*.ts'], [NO_CDK8S]),
  boundary(['lib/analysis/**/*.ts', 'lib/rules/**/*.ts'], [NO_CDK8S, MODEL_ONLY]),
  {
    files: ['**/test/**/*.ts', 'examples/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', {
        selector: 'MemberExpression[computed=false][property.name=/^(only|skip)$/][object.name=/^(describe|it|test)$/]',
        message: 'A test that is left out, or that leaves others out, passes by not looking.',
      }],
    },
  },
);
