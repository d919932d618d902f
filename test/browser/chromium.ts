/** Which Chromium the browser tests drive: Debian's, or the one that $CHROMIUM names. Without one they are skipped, loudly. */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const PLACES = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser']

const executablePath = PLACES.find((path) => path !== undefined && path !== '' && existsSync(path))

export const CHROMIUM_IS_HERE = executablePath !== undefined

/** Stands in the names of the tests that need it. */
export const CHROMIUM_NOTE = CHROMIUM_IS_HERE
  ? ''
  : ' – SKIPPED, no Chromium is here (apt-get install chromium, or set $CHROMIUM)'

/** `hosts`: names that lead to this machine. */
export function launchChromium({
  hosts = [],
}: {
  readonly hosts?: readonly string[]
} = {}): Promise<Browser> {
  if (executablePath === undefined) throw new Error(`No Chromium in ${PLACES.join(', ')}`)
  const rules = hosts.map((host) => `MAP ${host} 127.0.0.1`).join(', ')
  return chromium.launch({
    executablePath,
    // Small containers have a small /dev/shm.
    args: ['--disable-dev-shm-usage', ...(rules === '' ? [] : [`--host-resolver-rules=${rules}`])],
  })
}
