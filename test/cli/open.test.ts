/** The command `nightguard open`: what it prints, when it ends, and that it tells no secret to anybody. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { browserOpener, openInBrowser } from '../../src/cli/browser.ts'
import { createLifetime } from '../../src/cli/lifetime.ts'
import { enter, OPERATOR, order, send, startOpen, startRealService } from './open-stage.ts'
import { runCli } from './run-cli.ts'

const REMOTE = 'https://guard.invalid'

describe('nightguard open', () => {
  it('prints a link to the dashboard, says what it is worth, and ends by Ctrl-C', async () => {
    const service = await startRealService()
    const token = service.tokenOf(OPERATOR)
    const running = await startOpen(['--url', service.url], { env: { NIGHTGUARD_TOKEN: token } })
    const cookie = await enter(running)
    const page = await send(running.port, { headers: { cookie, accept: 'text/html' } })
    expect(page.body).toContain('id="target-nightguard"')
    const path = '/api/targets/nightguard/arm'
    const ordered = await send(running.port, { ...order(running.port, cookie), path, body: '{"reason":"x"}' })
    expect(ordered.status).toBe(200)
    const odd = await send(running.port, { path: '/%', headers: { cookie, accept: 'text/html' } })

    running.kill('SIGINT')
    const { code, out, err } = await running.ended
    expect({ code, out, err }).toEqual({
      code: 0,
      err: '',
      out: `Open this link in a browser on this machine to see the dashboard of ${new URL(service.url).host}:

  http://127.0.0.1:${running.port}/?key=${running.key}

It works once, within a minute. Whoever opens it in that time acts as you, ${OPERATOR}: keep it to yourself.
Ctrl-C ends it, and so do 60 minutes without a request.
`,
    })
    const value = cookie.split('=')[1] ?? ''
    const answers = [page, ordered, odd].map((got) => JSON.stringify(got)).join('')
    for (const secret of [token, value]) expect(out + err + answers).not.toContain(secret)
    expect(answers).not.toContain(running.key)
    expect(JSON.stringify(service.heard)).not.toContain(running.key)
    expect(JSON.stringify(service.heard)).not.toContain(value)
    await expect(send(running.port)).rejects.toThrow('ECONNREFUSED')
  })

  it('prints the link once as JSON for programs', async () => {
    const running = await startOpen(['--url', 'http://127.0.0.1:2', '--json'])
    running.kill('SIGTERM')
    const { code, out, err } = await running.ended
    expect({ code, answer: JSON.parse(out) as unknown, err }).toEqual({
      code: 0,
      answer: { url: running.url },
      err: '',
    })
  })

  it('speaks Korean, on the terminal and on its pages', async () => {
    const running = await startOpen(['--url', 'http://127.0.0.1:2', '--minutes', '5', '--lang', 'ko'])
    const cookie = await enter(running)
    const page = await send(running.port, { headers: { cookie, accept: 'text/html' } })
    expect(page.body).toContain('http://127.0.0.1:2에 연결할 수 없습니다')
    running.kill('SIGINT')
    expect(
      (await running.ended).out,
    ).toBe(`127.0.0.1:2 대시보드를 보려면 이 컴퓨터의 브라우저에서 이 링크를 여세요:

  ${running.url}

링크는 1분 안에 한 번만 쓸 수 있습니다. 그 사이에 여는 사람은 누구든 본인 권한으로 조작할 수 있으니 남에게 알리지 마세요.
Ctrl-C를 누르거나 5분 동안 요청이 없으면 끝납니다.
`)
  })

  it('ends when the link is opened a second time, for somebody else may have it', async () => {
    const running = await startOpen(['--url', 'http://127.0.0.1:2'])
    await enter(running)
    expect((await send(running.port, { path: `/?key=${running.key}` })).status).toBe(401)
    const { code, err } = await running.ended
    expect({ code, err }).toEqual({
      code: 1,
      err: 'Ended: the link was opened twice, so somebody else may have it\n→ Run nightguard open again, and look into the incidents for orders that are not yours\n',
    })
  })

  it('ends when its parent has gone', async () => {
    const running = await startOpen(['--url', 'http://127.0.0.1:2'], { under: 'shell' })
    expect((await send(running.port)).status).toBe(401)
    running.kill('SIGKILL')
    // The output is closed by the last who holds it.
    await running.ended
    await expect(send(running.port)).rejects.toThrow('ECONNREFUSED')
  })

  it('listens on the port that it is told, if that is free, and on loopback only', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    const words = ['open', '--url', 'http://127.0.0.1:2', '--port', String(port)]
    expect(await runCli(words)).toEqual({
      code: 1,
      out: '',
      err: `Port ${port} is taken\n→ Name another with --port; without it a free one is taken\n`,
    })
    await new Promise((resolve) => other.close(resolve))
    const running = await startOpen(words.slice(1))
    expect(running.port).toBe(port)
    if (existsSync('/proc/net/tcp')) {
      const hex = port.toString(16).toUpperCase().padStart(4, '0')
      const sockets = ['tcp', 'tcp6'].flatMap((name) => readFileSync(`/proc/net/${name}`, 'utf8').split('\n'))
      const listening = sockets
        .map((line) => line.trim().split(/\s+/))
        .filter(([, , , state]) => state === '0A')
      const addresses = listening.flatMap(([, local = '']) => (local.endsWith(`:${hex}`) ? [local] : []))
      expect(addresses).toEqual([`0100007F:${hex}`])
    }
  })

  it('tells before it listens that no token can be had', async () => {
    const bin = fakeProgram('gcloud', 'echo "ERROR: no active account" >&2; exit 1')
    expect(await runCli(['open', '--url', REMOTE], { PATH: `${bin}:${process.env['PATH']}` })).toEqual({
      code: 1,
      out: '',
      err: 'No ID token: gcloud auth print-identity-token failed: ERROR: no active account\n→ Log in by: gcloud auth login, or set NIGHTGUARD_TOKEN to an ID token\n',
    })
  })

  it('asks gcloud for the token of a service elsewhere, and names its account', async () => {
    const claims = Buffer.from('{"email":"me@example.com"}').toString('base64url')
    const bin = fakeProgram('gcloud', `[ "$*" = "auth print-identity-token" ] && echo aaa.${claims}.ccc`)
    const running = await startOpen(['--url', REMOTE], { env: { PATH: `${bin}:${process.env['PATH']}` } })
    running.kill('SIGHUP')
    const { code, out } = await running.ended
    expect(code).toBe(0)
    expect(out).toContain('to see the dashboard of guard.invalid:')
    expect(out).toContain('acts as you, me@example.com: keep it to yourself.')
    expect(out).not.toContain(claims)
  })

  it.each([
    [['--port', '0'], '--port must be a whole number from 1 to 65535'],
    [['--port', '70000'], '--port must be a whole number from 1 to 65535'],
    [['--port', 'x'], '--port must be a whole number from 1 to 65535'],
    [['--minutes', '0'], '--minutes must be a whole number from 1 to 1440'],
    [['--minutes', '1.5'], '--minutes must be a whole number from 1 to 1440'],
    [
      ['--url', 'http://guard.example.com'],
      '--url must begin with https://: over http:// everyone on the way could read your token',
    ],
    [['now'], 'Unknown command: now'],
  ])('refuses %j', async (words, message) => {
    const { code, out, err } = await runCli(['open', ...words])
    expect({ code, out, err }).toEqual({
      code: 2,
      out: '',
      err: `${message}\n→ nightguard open --help explains it\n`,
    })
  })
})

/** A directory with one program in it. */
function fakeProgram(name: string, script: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'nightguard-open-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  writeFileSync(join(directory, name), `#!/bin/sh\n${script}\n`)
  chmodSync(join(directory, name), 0o755)
  return directory
}

describe('The lifetime', () => {
  const begin = (options: { idleMs?: number; unopenedMs?: number }) => {
    const lifetime = createLifetime({ idleMs: 60_000, unopenedMs: 60_000, checkEveryMs: 5, ...options })
    onTestFinished(() => lifetime.hear('key-again'))
    return lifetime
  }

  it.each([
    ['nobody brings the key', { unopenedMs: 20 }, [], 'unopened'],
    ['nobody asks any more', { idleMs: 20 }, ['opened', 'asked'], 'idle'],
    ['the key is brought twice', {}, ['opened', 'key-again'], 'key-again'],
  ] as const)('ends when %s', async (_, options, events, end) => {
    const lifetime = begin(options)
    for (const event of events) lifetime.hear(event)
    expect(await lifetime.ended).toBe(end)
  })

  it('goes on as long as somebody asks', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    let end: string | undefined
    const lifetime = begin({ idleMs: 1_000, unopenedMs: 500 })
    void lifetime.ended.then((why) => {
      end = why
    })
    for (let asked = 0; asked < 10; asked += 1) {
      lifetime.hear('asked')
      await vi.advanceTimersByTimeAsync(900)
      expect(end).toBeUndefined()
    }
    await vi.advanceTimersByTimeAsync(200)
    expect(end).toBe('idle')
  })

  it('leaves no handler of signals behind', async () => {
    const before = process.listenerCount('SIGINT')
    const lifetime = begin({})
    expect(process.listenerCount('SIGINT')).toBe(before + 1)
    lifetime.hear('key-again')
    await lifetime.ended
    expect(process.listenerCount('SIGINT')).toBe(before)
  })
})

describe('The browser', () => {
  it.each([
    ['a desktop of Linux', { platform: 'linux', env: { DISPLAY: ':0' } }, 'xdg-open'],
    [
      'a desktop of Linux with Wayland',
      { platform: 'linux', env: { WAYLAND_DISPLAY: 'wayland-0' } },
      'xdg-open',
    ],
    ['Linux without a screen', { platform: 'linux', env: { DISPLAY: '' } }, undefined],
    ['a Mac', { platform: 'darwin', env: {} }, 'open'],
    ['a Mac over SSH', { platform: 'darwin', env: { SSH_CONNECTION: 'x' } }, undefined],
    ['another system', { platform: 'win32', env: {} }, undefined],
  ])('on %s', (_, desktop, opener) => {
    expect(browserOpener(desktop)).toBe(opener)
  })

  it('gets the link as it is, and no token', async () => {
    const bin = fakeProgram(
      'xdg-open',
      '{ echo "$#"; echo "$1"; printenv NIGHTGUARD_TOKEN || echo none; } >"$SAID.part"; mv "$SAID.part" "$SAID"',
    )
    const said = join(bin, 'said')
    const url = 'http://127.0.0.1:1/?key=$(id);a b'
    const env = { DISPLAY: ':0', PATH: `${bin}:${process.env['PATH']}`, SAID: said, NIGHTGUARD_TOKEN: 'x' }
    expect(await openInBrowser(url, { platform: 'linux', env })).toBe('opened')
    await vi.waitFor(() => expect(readFileSync(said, 'utf8')).toBe(`1\n${url}\nnone\n`), {
      timeout: 10_000,
      interval: 10,
    })
  })

  it('that is not there is said not to be opened', async () => {
    const env = { DISPLAY: ':0', PATH: '/nonexistent' }
    expect(await openInBrowser('http://127.0.0.1:1/', { platform: 'linux', env })).toBe('not-opened')
  })
})
