import { describe, expect, it } from 'vitest'
import { BLACK_BOX_BYTES_MAX, BLACK_BOX_SECTIONS } from '../../src/core/black-box.ts'
import { readBlackBox } from '../../src/schemas/black-box.ts'
import { aBlackBox } from '../fakes/stored.ts'

describe('A stored black box', () => {
  it.each([
    ['a plain one', aBlackBox()],
    ['an empty one', aBlackBox({ sections: [], before: 'reboot' })],
    [
      'one with every section, one of them as large as all may be',
      aBlackBox({
        sections: BLACK_BOX_SECTIONS.map((name, index) => ({
          kind: 'text',
          name,
          text: index === 0 ? 'x'.repeat(BLACK_BOX_BYTES_MAX) : '\u0000<b>\u202e',
          cut: index === 0,
        })),
      }),
    ],
  ])('comes back as it was: %s', (_, blackBox) => {
    expect(readBlackBox(JSON.parse(JSON.stringify(blackBox)))).toEqual({ kind: 'read', document: blackBox })
  })

  it.each<[string, unknown]>([
    ['nothing', null],
    ['before no acting rung', { ...aBlackBox(), before: 'human' }],
    [
      'with a section that nobody chose',
      { ...aBlackBox(), sections: [{ kind: 'text', name: 'env', text: 'x', cut: false }] },
    ],
    ['with a field too many', { ...aBlackBox(), extra: 1 }],
  ])('is broken when it is %s', (_, document) => {
    expect(readBlackBox(document)).toMatchObject({ kind: 'broken' })
  })

  it('of a newer schema is told apart', () => {
    expect(readBlackBox({ schema: 2 })).toEqual({ kind: 'newer', schema: 2 })
  })
})
