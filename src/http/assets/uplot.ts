/** uPlot's own files, as they come with the package: read when a page with charts is first asked for, and kept. */
import { readFileSync } from 'node:fs'

export function uplotScript(): string {
  return readFileSync(new URL(import.meta.resolve('uplot/dist/uPlot.iife.min.js')), 'utf8')
}

export function uplotStyle(): string {
  return readFileSync(new URL(import.meta.resolve('uplot/dist/uPlot.min.css')), 'utf8')
}
