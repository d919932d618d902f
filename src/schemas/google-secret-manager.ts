/** What Secret Manager answers, cut down to what the guard reads. Checking payloads is the adapter's work. */
import { z } from 'zod'

export const secretVersionSchema = z.object({
  /** `projects/NUMBER/secrets/NAME/versions/N`, never `latest`: the server has resolved it. */
  name: z
    .string()
    .max(600)
    .regex(/\/versions\/\d+$/),
  state: z.enum(['STATE_UNSPECIFIED', 'ENABLED', 'DISABLED', 'DESTROYED']).catch('STATE_UNSPECIFIED'),
})
export type SecretVersionMetadata = z.infer<typeof secretVersionSchema>

export const secretVersionPageSchema = z.object({
  versions: z
    .array(secretVersionSchema)
    .nullish()
    .transform((versions) => versions ?? []),
  nextPageToken: z.string().nullish(),
})

export const secretPayloadSchema = z.object({
  payload: z.object({
    data: z.instanceof(Uint8Array),
    /** int64: the client library gives a string or a number. */
    dataCrc32c: z.union([z.string().regex(/^\d{1,10}$/), z.number().int()]).nullish(),
  }),
})
