import { describe, expect, it } from 'vitest'
import type { OutboxEntry } from '../../src/core/notice.ts'
import { readOutboxEntry } from '../../src/schemas/outbox.ts'
import { aNotice, NOON } from '../fakes/stored.ts'

const PLAIN: OutboxEntry = { ...aNotice(), deliveries: [] }

/** An entry with everything in it that the type knows. */
const FULL: OutboxEntry = {
  ...aNotice({
    kind: 'resolved',
    severity: 'info',
    verdict: 'healthy',
    cause: 'fleet',
    endedAt: NOON + 1,
    fixedBy: { kind: 'action', actionId: 'a', rung: 'reset', by: 'person', proved: false },
    story: [{ at: NOON, kind: 'action', text: 'reset' }],
    offer: { buttons: ['recover', 'start', 'pause', 'leave-off'], offeredAt: NOON },
    would: { rung: 'human', unit: 'agent.service' },
    targets: ['bot', 'other'],
  }),
  deliveries: [
    { channel: 'telegram:1', status: 'sent', attempts: 2, dueAt: NOON, sentAt: NOON + 2, receipt: '77' },
    { channel: 'webhook:1', status: 'failed', attempts: 9, dueAt: NOON, detail: 'HTTP 410' },
    { channel: 'slack:1', status: 'pending', attempts: 3, rejections: 3, dueAt: NOON },
    { channel: 'slack:2', status: 'superseded', attempts: 0, dueAt: NOON },
  ],
  claim: { owner: 'one', until: NOON + 3 },
  settledAt: NOON + 4,
}

describe('A stored outbox entry', () => {
  it.each([
    ['a plain one', PLAIN],
    ['one with everything in it', FULL],
  ])('comes back as it was: %s', (_, entry) => {
    expect(readOutboxEntry(JSON.parse(JSON.stringify(entry)))).toEqual({ kind: 'read', document: entry })
  })

  it.each<[string, unknown, string]>([
    ['nothing', [], 'It has no schema number'],
    ['of an unknown kind', { ...PLAIN, kind: 'joke' }, 'at kind'],
    ['without deliveries', aNotice(), 'at deliveries'],
    ['with a delivery cut short', { ...FULL, deliveries: [{ channel: 'x' }] }, 'at deliveries[0].status'],
    ['with a field too many', { ...PLAIN, extra: 1 }, 'Unrecognized key: "extra"'],
  ])('is broken, with the reason, when it is %s', (_, document, detail) => {
    expect(readOutboxEntry(document)).toEqual({ kind: 'broken', detail: expect.stringContaining(detail) })
  })

  it('of a newer schema is told apart', () => {
    expect(readOutboxEntry({ ...PLAIN, schema: 2 })).toEqual({ kind: 'newer', schema: 2 })
  })
})
