import { ApiObject, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { calico } from '../../dialects';
import { Policy, TierDefinition } from '../../policy';
import { Owner, OWNER_LABEL } from '../owner';
import { CONTACT_ANNOTATION, MANAGED_BY, MANAGED_BY_LABEL, STAGE_ANNOTATION, SYNC_WAVE_ANNOTATION } from './annotations';
import { PolicyForm } from './policy-form';
import { PolicyObject } from './policy-object';

/** What an object of the whole cluster says about itself. */
export interface ClusterMetadata {
  readonly stage: string;
  readonly owner?: Owner;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A policy of the whole cluster as an object of the app. */
export function clusterPolicy(scope: Construct, name: string, wave: number, metadata: ClusterMetadata, form: PolicyForm, policy: () => Policy): PolicyObject {
  return new PolicyObject(scope, `${form.kind}-${name}`, metadataOf(name, wave, metadata), policy, form);
}

/** A tier that policies of the app live in. It is applied before them. */
export function tierObject(scope: Construct, tier: TierDefinition, wave: number, metadata: ClusterMetadata): ApiObject {
  const { apiVersion, kind, name, spec } = calico.writeTier(tier);
  const object = new ApiObject(scope, `${kind}-${name}`, { apiVersion, kind, metadata: metadataOf(name, wave, metadata), ...{ spec } });
  if (object.metadata.namespace !== undefined) object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  return object;
}

function metadataOf(name: string, wave: number, { stage, owner, annotations }: ClusterMetadata): object {
  return {
    name,
    labels: { [MANAGED_BY_LABEL]: MANAGED_BY, ...(owner === undefined ? {} : { [OWNER_LABEL]: owner.team }) },
    annotations: {
      [SYNC_WAVE_ANNOTATION]: `${wave}`, [STAGE_ANNOTATION]: stage, ...(owner === undefined ? {} : { [CONTACT_ANNOTATION]: owner.contact }), ...annotations,
    },
  };
}
