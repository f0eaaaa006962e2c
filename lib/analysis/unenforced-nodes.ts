import { Labels, Selector } from '../policy';
import { Profile } from './profile';

/** Whether nothing polices the pods of a node with these labels. */
export function isUnenforced({ unenforcedNodes = [] }: Profile, labels: Labels): boolean {
  return unenforcedNodes.some((selector) => selector.matches(labels));
}

/** Whether that is so of every node that has these labels among others. */
export function mustBeUnenforced({ unenforcedNodes = [] }: Profile, labels: Labels): boolean {
  return unenforcedNodes.some((selector) => Selector.labels(labels).implies(selector));
}
