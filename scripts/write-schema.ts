/** Writes nightguard.schema.json, the JSON Schema by which editors check and complete nightguard.yaml. */
import { writeFileSync } from 'node:fs'
import { configJsonSchema } from '../src/schemas/config-problems.ts'

const path = new URL('../nightguard.schema.json', import.meta.url)

export function schemaText(): string {
  return `${JSON.stringify(configJsonSchema(), null, 2)}\n`
}

if (import.meta.main) writeFileSync(path, schemaText())
