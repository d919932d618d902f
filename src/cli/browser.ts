/** Opens a link in the person's browser, without a shell. Whether a window came up can't be known. */
import { spawn } from 'node:child_process'

type Desktop = { readonly platform: string; readonly env: Readonly<Record<string, string | undefined>> }

/** Undefined where nobody would see a window: over SSH, in a container, in a cron job. */
export function browserOpener({ platform, env }: Desktop): string | undefined {
  if (platform === 'darwin') return env['SSH_CONNECTION'] === undefined ? 'open' : undefined
  const hasScreen = (env['DISPLAY'] ?? '') !== '' || (env['WAYLAND_DISPLAY'] ?? '') !== ''
  return platform === 'linux' && hasScreen ? 'xdg-open' : undefined
}

export function openInBrowser(url: string, desktop: Desktop): Promise<'opened' | 'not-opened'> {
  const opener = browserOpener(desktop)
  if (opener === undefined) return Promise.resolve('not-opened')
  // The browser has no business with the token.
  const { NIGHTGUARD_TOKEN: _, ...env } = desktop.env
  return new Promise((resolve) => {
    const child = spawn(opener, [url], { stdio: 'ignore', detached: true, env })
    child.once('error', () => resolve('not-opened'))
    child.once('spawn', () => {
      child.unref()
      resolve('opened')
    })
  })
}
