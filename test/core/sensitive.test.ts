/** A secret is a type that never shows itself. */
import { format, inspect } from 'node:util'
import { expect, it } from 'vitest'
import { Sensitive } from '../../src/core/sensitive.ts'

const secret = new Sensitive('s3cret')

it.each([
  ['as text', `${secret}`],
  ['joined to a text', ['token', secret].join(' ')],
  ['as JSON', JSON.stringify({ secret })],
  ['inspected', inspect({ secret }, { showHidden: true, depth: 5 })],
  ['formatted', format('%s %o %j', secret, secret, secret)],
  ['by its own members', JSON.stringify(Object.entries(secret))],
])('a sensitive value %s does not show itself', (_name, shown) => expect(shown).not.toContain('s3cret'))

it('is shown to whoever asks for it by name', () => expect(secret.reveal()).toBe('s3cret'))
