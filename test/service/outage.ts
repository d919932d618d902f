/** What the tests of recovery share: breaking a machine, the tick that acts, and what the machine lived through. */
import { expect } from 'vitest'
import type { FaultName } from '../../sandbox/machines/faults.ts'
import type { Incident } from '../../src/core/incident.ts'
import type { TargetReport } from '../../src/core/report.ts'
import type { Told } from '../../src/core/told.ts'
import { aTime, healthyLine, lineOf, type Service, startArmed, until } from './harness.ts'

export const anId = (target: string) => expect.stringMatching(new RegExp(`^${target}-[a-z0-9]+$`))
export const aHeartbeat = { kind: 'seen', detail: aTime }
export const canary = { kind: '1 of 1' }
export const noAnswerInside = {
  kind: 'fails',
  detail: 'curl: exit code 28: curl: (28) Operation timed out after 1000 milliseconds with 0 bytes received',
}
export const refusedInside = {
  kind: 'fails',
  detail: expect.stringMatching(/^curl: exit code 7: curl: \(7\) Failed to connect/),
}

export async function broken(fault: FaultName, machine: string, policy = {}): Promise<Service> {
  const service = await startArmed({ policy })
  await service.world.breakIt(fault, { machine })
  return service
}

/** The tick that acts on `target`, as a whole report. */
export async function actingTick(service: Service, target: string) {
  let report = await service.tick()
  await until(`${target} is acted on`, async () => {
    if (lineOf(report, target).actions.length > 0) return true
    report = await service.tick()
    return false
  })
  return report
}

export function wholeReport(line: TargetReport) {
  const targets = ['bot', 'crawler', 'mailer'].map((id) => (id === line.id ? line : healthyLine(id)))
  return { at: aTime, durationMs: expect.any(Number), targets }
}

export async function onlyIncident(service: Service, target: string): Promise<Told<Incident>> {
  const incidents = await service.incidents(target)
  expect(incidents).toHaveLength(1)
  const [incident] = incidents
  if (incident === undefined) throw new Error('There is no incident')
  return incident
}

/** What the machine itself lived through, by what it told. */
export function lives({ story }: Service, machine: string) {
  const count = (text: string) => story.filter((line) => line.startsWith(`vm ${machine}: ${text}`)).length
  return {
    restarts: count('systemctl restart'),
    reboots: count('reboots by systemctl'),
    resets: count('is reset'),
    boots: count('kernel boots'),
  }
}
