/** Podman's commands on a simulated machine: container inspect, secret inspect, secret create. */
import { CONTAINER_TEMPLATE } from '../../src/commands/black-box.ts'
import type { Container } from './container.ts'
import { containersOutput, describedOutput, secretsOutput } from './podman-output.ts'
import { failed, type Invocation, ok, type Reply, type ShellHost } from './shell-host.ts'
import type { Workload } from './workload.ts'

const EXIT_FAILED = 125

export async function podman(host: ShellHost, invocation: Invocation): Promise<Reply> {
  if (host.wedged()) return new Promise(() => undefined)
  await host.timers.sleep(host.timing.podmanMs)
  const [noun, verb, ...rest] = invocation.words
  if (noun === 'container' && verb === 'inspect')
    return inspectContainers(host, { ...invocation, words: rest })
  if (noun === 'secret' && verb === 'inspect') return inspectSecrets(host, { ...invocation, words: rest })
  if (noun === 'secret' && verb === 'create') return createSecret(host, { ...invocation, words: rest })
  return failed(EXIT_FAILED, `Error: unrecognized command \`podman ${noun ?? ''} ${verb ?? ''}\``)
}

/** Prints those that exist; the first missing one is the error, the others are told before it. */
function partial(stdout: string, missing: readonly string[], also: string): Reply {
  const [first, ...others] = missing
  if (first === undefined) return ok(stdout)
  return {
    stdout,
    stderr: [...others.map((text) => `${also}: ${text}`), first, ''].join('\n'),
    exitCode: EXIT_FAILED,
  }
}

/** Without root it is another user's Podman, which has none of them. */
function inspectContainers(host: ShellHost, { words, root }: Invocation): Reply {
  const format = words.find((word) => word.startsWith('--format='))?.slice('--format='.length)
  if (format !== undefined && format !== CONTAINER_TEMPLATE)
    return failed(EXIT_FAILED, 'Error: template parsing error')
  const names = words.filter((word) => !word.startsWith('--'))
  const running: [Workload, Container][] = []
  const missing: string[] = []
  for (const name of names) {
    const workload = host.workloads.find((one) => one.container === name)
    const container = root ? workload?.current() : undefined
    if (workload === undefined || container === undefined) missing.push(`no such container ${name}`)
    else running.push([workload, container])
  }
  return partial(
    format === undefined ? containersOutput(running) : describedOutput(running),
    missing.map((text, index) => (index === 0 ? `Error: ${text}` : text)),
    'error inspecting object',
  )
}

function inspectSecrets(host: ShellHost, { words: names, root }: Invocation): Reply {
  const found = names.flatMap((name) => (root ? (host.secrets.get(name) ?? []) : []))
  const missing = names
    .filter((name) => !found.some((secret) => secret.name === name))
    .map((name) => `no secret with name or id "${name}": no such secret`)
  return partial(
    secretsOutput(found),
    missing.map((text, index) => (index === 0 ? `Error: inspecting secret: ${text}` : text)),
    'error inspecting secret',
  )
}

async function createSecret(host: ShellHost, invocation: Invocation): Promise<Reply> {
  const labels: Record<string, string> = {}
  const operands: string[] = []
  let replace = false
  for (const word of invocation.words) {
    const label = /^--label=([^=]+)=([\s\S]*)$/.exec(word)
    if (word === '--replace') replace = true
    else if (label?.[1] !== undefined) labels[label[1]] = label[2] ?? ''
    else if (word.startsWith('--')) return failed(EXIT_FAILED, `Error: unknown flag: ${word}`)
    else operands.push(word)
  }
  const [name, source] = operands
  if (name === undefined || source !== '-') {
    return failed(EXIT_FAILED, 'Error: accepts 2 arg(s), with the value read from standard input')
  }
  const value = await invocation.stdin()
  if (value === '') {
    return failed(EXIT_FAILED, 'Error: secret data must be larger than 0 and less than 512000 bytes')
  }
  if (host.secrets.get(name) !== undefined && !replace) {
    return failed(EXIT_FAILED, `Error: ${name}: secret name in use`)
  }
  const stored = host.secrets.put({ name, value, labels }, host.now())
  host.tell(`Podman secret ${name} is put`)
  return ok(`${stored.id}\n`)
}
