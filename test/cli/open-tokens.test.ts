/** The tokens of `nightguard open`: how long one is used, and what is done when the service does not take it. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createTokens } from '../../src/cli/fresh-tokens.ts'
import { findToken } from '../../src/cli/token.ts'
import { AUDIENCE, enter, OPERATOR, order, send, stageProxy, startRealService, VIEWER } from './open-stage.ts'

const HTML = { accept: 'text/html' }

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

/** A gcloud that prints what its file holds, and counts how often it was asked. */
function fakeGcloud() {
  const directory = mkdtempSync(join(tmpdir(), 'nightguard-open-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const [program, token, count] = ['gcloud', 'token', 'count'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(count, '')
  writeFileSync(
    program,
    `#!/bin/sh\n[ "$*" = "auth print-identity-token" ] || exit 1\necho >>'${count}'\ncat '${token}'\n`,
  )
  chmodSync(program, 0o755)
  vi.stubEnv('PATH', `${directory}:${process.env['PATH']}`)
  vi.stubEnv('NIGHTGUARD_TOKEN', '')
  return {
    logIn: (text: string) => writeFileSync(token, `${text}\n`),
    timesAsked: () => readFileSync(count, 'utf8').length,
  }
}

describe("gcloud's tokens", () => {
  const find = () => findToken(new URL(`${AUDIENCE}/`))
  const MINUTE_MS = 60_000

  it('are asked for once by many, used while they are good, and renewed before they expire', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const gcloud = fakeGcloud()
    const service = await startRealService()
    gcloud.logIn(service.tokenOf(OPERATOR))
    const proxy = await stageProxy({ service: service.url, tokens: createTokens({ find }) })
    const cookie = await enter(proxy)
    const look = async () => (await send(proxy.port, { headers: { ...HTML, cookie } })).status
    expect(await Promise.all([look(), look(), look()])).toEqual([200, 200, 200])
    expect(gcloud.timesAsked()).toBe(1)
    vi.setSystemTime(Date.now() + 54 * MINUTE_MS)
    expect([await look(), gcloud.timesAsked()]).toEqual([200, 1])
    vi.setSystemTime(Date.now() + 1.5 * MINUTE_MS)
    const renewed = service.tokenOf(OPERATOR)
    gcloud.logIn(renewed)
    expect([await look(), gcloud.timesAsked()]).toEqual([200, 2])
    expect(service.heard.at(-1)?.headers['authorization']).toBe(`Bearer ${renewed}`)
  })

  it('that the service no longer takes are asked for anew at once, and the order is carried out once', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const gcloud = fakeGcloud()
    const service = await startRealService()
    gcloud.logIn(service.tokenOf(VIEWER))
    const proxy = await stageProxy({ service: service.url, tokens: createTokens({ find }) })
    const cookie = await enter(proxy)
    const arm = () =>
      send(proxy.port, {
        ...order(proxy.port, cookie),
        path: '/api/targets/nightguard/arm',
        body: '{"reason":"x"}',
      })
    expect((await arm()).status).toBe(403)
    // Logged in as somebody else, in another terminal.
    gcloud.logIn(service.tokenOf(OPERATOR))
    expect((await arm()).status).toBe(403)
    vi.setSystemTime(Date.now() + 6_000)
    expect((await arm()).status).toBe(200)
    expect(service.asked.filter(({ call }) => call === 'order')).toHaveLength(1)
    expect(gcloud.timesAsked()).toBe(2)
  })

  it('that can no longer be had are missed on a page, with advice', async () => {
    const gcloud = fakeGcloud()
    gcloud.logIn('no token at all')
    const proxy = await stageProxy({ service: 'http://127.0.0.1:2', tokens: createTokens({ find }) })
    const cookie = await enter(proxy)
    const page = await send(proxy.port, { headers: { ...HTML, cookie } })
    expect(page.status).toBe(502)
    expect(page.body).toContain('<h1>gcloud&#39;s answer is no ID token</h1>')
    expect(page.body).toContain('Get one by: gcloud auth login, then gcloud auth print-identity-token')
    expect(page.body).not.toContain('no token at all')
  })

  it.each<[string, object, number]>([
    ['one that expires in an hour is used for 55 minutes', { exp: 3_600 }, 55 * MINUTE_MS],
    ['one that says it lives longer is used for an hour', { exp: 86_400 }, 60 * MINUTE_MS],
    ['one that is about to expire is used for half a minute', { exp: 100 }, 30_000],
    ['one that does not say is used for five minutes', {}, 5 * MINUTE_MS],
    ['one that says rubbish is used for five minutes', { exp: 'soon', email: '<b>' }, 5 * MINUTE_MS],
  ])('%s', async (_, claims, usedMs) => {
    let now = 0
    let found = 0
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url')
    const find = async () => {
      found += 1
      return `x.${payload}.${found}`
    }
    const tokens = createTokens({ find, now: () => now })
    await tokens.current()
    now = usedMs - 1
    expect([await tokens.current(), tokens.account()]).toEqual([`x.${payload}.1`, undefined])
    now = usedMs
    expect(await tokens.current()).toBe(`x.${payload}.2`)
  })
})
