/**
 * The pages' own files. Each path carries its content's hash, so that a browser may keep it for good. They are put
 * together when they are first asked for: most processes never serve a page.
 */
import { createHash } from 'node:crypto'
import { DOCS_STYLE } from './docs-style.ts'
import { ICON } from './icon.ts'
import { chartsScriptIn, scriptIn } from './script.ts'
import { STATUS_STYLE } from './status-style.ts'
import { STYLE } from './style.ts'
import { PAGES_STYLE } from './style-pages.ts'
import { uplotScript, uplotStyle } from './uplot.ts'

const CSS = 'text/css; charset=utf-8'
const SCRIPT = 'text/javascript; charset=utf-8'

const SOURCES = {
  'style.css': { type: CSS, make: () => STYLE },
  'pages.css': { type: CSS, make: () => PAGES_STYLE },
  'docs.css': { type: CSS, make: () => DOCS_STYLE },
  'status.css': { type: CSS, make: () => STATUS_STYLE },
  'script.js': { type: SCRIPT, make: () => scriptIn('en') },
  'script.ko.js': { type: SCRIPT, make: () => scriptIn('ko') },
  'charts.js': { type: SCRIPT, make: () => chartsScriptIn('en') },
  'charts.ko.js': { type: SCRIPT, make: () => chartsScriptIn('ko') },
  'uplot.js': { type: SCRIPT, make: uplotScript },
  'uplot.css': { type: CSS, make: uplotStyle },
  'icon.svg': { type: 'image/svg+xml', make: () => ICON },
} as const satisfies Readonly<Record<string, { readonly type: string; readonly make: () => string }>>

export type AssetName = keyof typeof SOURCES
export type Asset = { readonly type: string; readonly body: string }
type Made = Asset & { readonly path: string }

const made = new Map<AssetName, Made>()

function assetOf(name: AssetName): Made {
  const known = made.get(name)
  if (known !== undefined) return known
  const { type, make } = SOURCES[name]
  const body = make()
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 10)
  const fresh = { type, body, path: `/assets/${hash}-${name}` }
  made.set(name, fresh)
  return fresh
}

export function assetPath(name: AssetName): string {
  return assetOf(name).path
}

/** Undefined for a name that is none, and for another version of the file. */
export function assetAt(path: string): Asset | undefined {
  const name = path.replace(/^\/assets\/[0-9a-f]+-/, '')
  if (!isAssetName(name)) return undefined
  const asset = assetOf(name)
  return asset.path === path ? asset : undefined
}

function isAssetName(name: string): name is AssetName {
  return Object.hasOwn(SOURCES, name)
}
