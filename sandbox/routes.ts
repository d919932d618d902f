/** The sandbox's own routes: break something, add a secret's version, read the chats. They exist nowhere else. */

import { z } from 'zod'
import type { Access, App } from '../src/http/access.ts'
import { badRequest, fieldErrors, problem } from '../src/http/problem.ts'
import { type ChatRouteOptions, mountChats } from './chat-routes.ts'
import { SANDBOX_SECRETS } from './fleet.ts'
import { FAULT_NAMES, FAULTS } from './machines/faults.ts'
import type { World } from './world.ts'

const faultSchema = z.strictObject({
  target: z.string().max(100),
  fault: z.enum(FAULT_NAMES),
  unit: z.string().max(100).optional(),
})
const secretSchema = z.strictObject({ value: z.string().min(1).max(65_536) })

export function mountSandbox(
  app: App,
  access: Access,
  { world, tell, reader }: { world: World; tell: (line: string) => void } & Pick<ChatRouteOptions, 'reader'>,
): void {
  mountChats(app, access, { chats: world.chats, tell, ...(reader === undefined ? {} : { reader }) })
  const names = world.machines.map(({ name }) => name)

  app.get('/sandbox/faults', access.allow('viewer'), (context) =>
    context.json({ targets: names, faults: FAULTS }),
  )

  app.post('/sandbox/faults', access.allow('operator'), async (context) => {
    const parsed = faultSchema.safeParse(await context.req.json().catch(() => undefined))
    if (!parsed.success) return badRequest(context, fieldErrors(parsed.error, 'body'))
    const { target, fault, unit } = parsed.data
    const machine = world.machines.find(({ name }) => name === target)
    if (machine === undefined) return unknown(context, `no machine ${target}; known: ${names.join(', ')}`)
    const units = machine.snapshot().workloads.map((workload) => workload.unit)
    if (unit !== undefined && !units.includes(unit))
      return unknown(context, `${target} has no unit ${unit}; known: ${units.join(', ')}`)
    tell(`you break ${target}: ${fault}`)
    await world.breakIt(fault, { machine: target, ...(unit === undefined ? {} : { unit }) })
    const known = FAULTS.find(({ name }) => name === fault)
    return context.json({ target, fault, says: known?.says, expected: known?.expected })
  })

  app.post('/sandbox/secrets/:name', access.allow('operator'), async (context) => {
    const secret = context.req.param('name')
    if (!Object.hasOwn(SANDBOX_SECRETS, secret))
      return unknown(context, `no secret ${secret}; known: ${Object.keys(SANDBOX_SECRETS).join(', ')}`)
    const parsed = secretSchema.safeParse(await context.req.json().catch(() => undefined))
    if (!parsed.success) return badRequest(context, fieldErrors(parsed.error, 'body'))
    const version = world.secretManager.addVersion(secret, parsed.data.value)
    tell(`you add version ${version} of ${secret}`)
    return context.json({ secret, version })
  })
}

function unknown(context: Parameters<typeof problem>[0], detail: string) {
  const mend = 'Name one of those that are known; GET /sandbox/faults lists targets and faults.'
  return problem(context, { name: 'not-found', title: 'Not there', status: 404, detail, mend })
}
