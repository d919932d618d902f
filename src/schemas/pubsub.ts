/**
 * What Pub/Sub pushes when a secret changes: its envelope, and the attributes that Secret Manager puts on a message. The
 * document is Google's, so fields that are not named here are let through; nothing is believed but the secret's name.
 * https://cloud.google.com/pubsub/docs/push, https://cloud.google.com/secret-manager/docs/event-notifications
 */
import { z } from 'zod'
import { maybe } from './api-parts.ts'

/** Those after which another version is served. A scheduled destruction disables the version at once. */
const CHANGES = [
  'SECRET_VERSION_ADD',
  'SECRET_VERSION_ENABLE',
  'SECRET_VERSION_DISABLE',
  'SECRET_VERSION_DESTROY',
  'SECRET_VERSION_DESTROY_SCHEDULED',
]

/** A regional secret has its place in the name. */
const SECRET_ID = /^projects\/([^/\s]{1,100})\/(locations\/[^/\s]{1,100}\/)?secrets\/([A-Za-z0-9_-]{1,255})$/

const EVENT_HELP = 'Must be the type of an event, like SECRET_VERSION_ADD'
const SECRET_HELP = 'Must be a name like projects/123/secrets/my-secret'
const MESSAGE_HELP = 'Must be the id that Pub/Sub gave the message'

const attributesSchema = z
  .looseObject({
    /** Absent: somebody's own message, and no event. */
    eventType: maybe(z.string(EVENT_HELP).min(1, EVENT_HELP).max(100, EVENT_HELP)),
    secretId: maybe(z.string(SECRET_HELP)),
  })
  .superRefine(({ eventType = '', secretId = '' }, context) => {
    if (!CHANGES.includes(eventType) || SECRET_ID.test(secretId)) return
    context.addIssue({ code: 'custom', path: ['secretId'], message: SECRET_HELP })
  })

export const pushSchema = z
  .looseObject({
    message: z.looseObject(
      {
        attributes: maybe(attributesSchema),
        messageId: z.string(MESSAGE_HELP).min(1, MESSAGE_HELP).max(200, MESSAGE_HELP),
        /** Base64 of the secret's or version's metadata: never read. */
        data: maybe(z.string('Must be base64')),
      },
      'Must be a message of Pub/Sub',
    ),
  })
  .meta({ id: 'SecretEvent' })

export type Push = z.output<typeof pushSchema>

/** Which secret of the project is served anew; undefined when none is. */
export function changedSecretOf({ message }: Push, project: string): string | undefined {
  const { eventType = '', secretId = '' } = message.attributes ?? {}
  if (!CHANGES.includes(eventType)) return undefined
  const [, owner = '', place, name] = SECRET_ID.exec(secretId) ?? []
  // Google names the project by its number, which the configuration doesn't have: a secret of the same name elsewhere
  // then costs a look, and changes nothing.
  const isOurs = owner === project || /^[0-9]+$/.test(owner)
  return isOurs && place === undefined ? name : undefined
}
