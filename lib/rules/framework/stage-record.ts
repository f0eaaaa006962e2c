/** What the constructs keep of a namespace in the ConfigMap `netpol-stage`. */
export interface StageRecord {
  readonly owner?: string;
  readonly stage?: string;
  /** The day on which the stage was written, where the API server has said so. */
  readonly since?: string;
}

export const STAGE_RECORD = 'netpol-stage';

interface ManagedField {
  readonly time?: unknown;
  readonly fieldsV1?: { readonly 'f:data'?: object };
}

type Json = Readonly<Record<string, unknown>>;

/** Reads the record of a namespace. */
export function readStageRecord(object: Json): StageRecord {
  const { owner, stage } = mapping(object.data);
  const since = stageWrittenAt(object);
  return {
    ...(typeof owner === 'string' && owner !== '' ? { owner } : {}),
    ...(typeof stage === 'string' ? { stage } : {}),
    ...(since === undefined ? {} : { since }),
  };
}

/** Whether an object comes from an API server, which keeps who has written which field, and when. */
export function hasManagedFields(object: Json): boolean {
  return Array.isArray(mapping(object.metadata).managedFields);
}

/**
 * The day on which the API server says that the stage of a record was written.
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export function stageWrittenAt(object: Json): string | undefined {
  const { managedFields } = mapping(object.metadata);
  if (!Array.isArray(managedFields)) return undefined;
  const writer = (managedFields as readonly ManagedField[]).find(({ fieldsV1 }) => 'f:stage' in (fieldsV1?.['f:data'] ?? {}));
  return typeof writer?.time === 'string' ? writer.time.slice(0, 10) : undefined;
}

export function mapping(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Json : {};
}
