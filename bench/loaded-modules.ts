/**
 * Which modules a process has loaded: by a hook when this file is preloaded (`--import`), which sees both kinds,
 * CommonJS and ES; and by what require has kept, which would see the first kind without it.
 */
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

const seen = new Set<string>()

registerHooks({
  load(url, context, nextLoad) {
    seen.add(url.startsWith('file:') ? fileURLToPath(url) : url)
    return nextLoad(url, context)
  },
})

/** Files by their path, Node's own modules as `node:…`. */
export function loadedModules({ cache }: NodeJS.Require): readonly string[] {
  return [...new Set([...seen, ...Object.keys(cache)])].sort()
}
