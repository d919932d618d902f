/** The pages' own files. Each path carries its content's hash, so that a browser may keep it for good. */
import { createHash } from 'node:crypto'
import { ICON } from './icon.ts'
import { SCRIPT } from './script.ts'
import { STYLE } from './style.ts'

export type AssetName = 'style.css' | 'script.js' | 'icon.svg'
export type Asset = { readonly type: string; readonly body: string }

const ASSETS: Readonly<Record<AssetName, Asset>> = {
  'style.css': { type: 'text/css; charset=utf-8', body: STYLE },
  'script.js': { type: 'text/javascript; charset=utf-8', body: SCRIPT },
  'icon.svg': { type: 'image/svg+xml', body: ICON },
}

const PATHS: Readonly<Record<AssetName, string>> = {
  'style.css': hashedPath('style.css'),
  'script.js': hashedPath('script.js'),
  'icon.svg': hashedPath('icon.svg'),
}

const BY_PATH: ReadonlyMap<string, Asset> = new Map(
  Object.entries(PATHS).map(([name, path]) => [path, ASSETS[name as AssetName]]),
)

export function assetPath(name: AssetName): string {
  return PATHS[name]
}

export function assetAt(path: string): Asset | undefined {
  return BY_PATH.get(path)
}

function hashedPath(name: AssetName): string {
  const hash = createHash('sha256').update(ASSETS[name].body).digest('hex').slice(0, 10)
  return `/assets/${hash}-${name}`
}
