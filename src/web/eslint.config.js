// SPDX-License-Identifier: MIT

import js from '@eslint/js';
import globals from 'globals';

export default [
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2025, sourceType: 'module' },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'consistent-this': 'error',
      'default-case-last': 'error',
      eqeqeq: 'error',
      'max-depth': ['error', 3],
      'max-lines': ['error', 500],
      'max-lines-per-function': ['error', { max: 40, skipComments: true }],
      'no-console': ['error', { allow: ['warn'] }],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-param-reassign': ['error', { props: false }],
      'no-restricted-properties': [
        'error',
        ...['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'srcdoc', 'write'].map((property) => ({
          property,
          message: 'Nothing remote may be read as markup: make elements.',
        })),
      ],
      'no-shadow': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  { files: ['src/web/*.js'], languageOptions: { globals: globals.browser } },
  {
    files: ['src/web/*.mjs', 'src/web/eslint.config.js', 'tests/web/**'],
    languageOptions: { globals: globals.nodeBuiltin },
    rules: { 'max-lines-per-function': 'off' },
  },
];
