import { Fields } from '../../policy';
import { AllowPodsProps, AllowProps } from '../allow-props';

/** The fields that rules have in common. */
export const ALLOW_FIELDS: Fields<AllowProps> = { ports: 'value', namespace: 'value', policyName: 'value' };
export const ALLOW_PODS_FIELDS: Fields<AllowPodsProps> = { ...ALLOW_FIELDS, reciprocal: 'flag' };
