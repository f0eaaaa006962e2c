export { firstOfEach } from './first-of-each';
export { InputError, type InputProblem, placeText, problemText } from './input-problem';
export { type InputObject, type KubernetesJson } from './kubernetes-object';
export { type Input, type InputSource, readInput, type ReadOptions, STDIN } from './read-input';
export { Skipped } from './skipped';
export { type InputOrigin, ObjectOrigin } from './source-document';
