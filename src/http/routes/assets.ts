/** `/assets/…`: the pages' own style, scripts and icon, for anyone; there is nothing in them about a fleet. */
import { compress } from 'hono/compress'
import type { App } from '../access.ts'
import { assetAt } from '../assets/assets.ts'
import { notFound } from '../problem.ts'

export function addAssetRoutes(app: App): void {
  app.get('/assets/:file', compress(), (context) => {
    const asset = assetAt(context.req.path)
    if (asset === undefined) return notFound(context)
    return context.body(asset.body, 200, {
      'content-type': asset.type,
      // The path changes with the content.
      'cache-control': 'public, max-age=31536000, immutable',
    })
  })
}
