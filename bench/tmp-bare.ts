import { serve } from '@hono/node-server'
import { Hono } from 'hono'

const app = new Hono()
app.get('/health', (c) => c.json({ status: 'ok' }))
serve({ fetch: app.fetch, port: Number(process.env['PORT']), hostname: '0.0.0.0' }, () =>
  console.log('listening'),
)
