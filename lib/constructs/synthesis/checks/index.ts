import { AppCheck, WholeAppCheck } from '../app-check';
import { admittedOwner } from './admitted-owner';
import { auditForm } from './audit-form';
import { auditOpening } from './audit-opening';
import { metadataPromise } from './metadata-promise';
import { namedPorts } from './named-ports';
import { ownership } from './ownership';
import { policyRules } from './policy-rules';
import { portEntries } from './port-entries';
import { separateFiles } from './separate-files';
import { uniqueObjects } from './unique-objects';

/** What is checked over a whole app whenever it synthesizes; one check a file. */
export const APP_CHECKS: readonly AppCheck[] = [
  uniqueObjects, separateFiles, ownership, auditForm, auditOpening, metadataPromise, namedPorts, portEntries, admittedOwner,
];

/** What is checked over all clusters of an app at once. */
export const WHOLE_APP_CHECKS: readonly WholeAppCheck[] = [policyRules];
