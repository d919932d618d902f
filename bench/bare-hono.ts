/** What every comparison begins with: the smallest server on Hono and @hono/node-server that answers GET /health. */
import { serve } from '@hono/node-server'
import { Hono } from 'hono'

const app = new Hono()
app.get('/health', (context) => context.json({ status: 'ok', version: 'bare' }))

const port = Number(process.env['PORT'])
serve({ fetch: app.fetch, port, hostname: '0.0.0.0' }, () =>
  process.stdout.write(`listening on port ${port}\n`),
)
// An ordered end, for only then does Node write its compile cache.
process.once('SIGTERM', () => process.exit(0))
