/** From the file as it is written to the core's types. What src/config.ts alone knows of (auth, store) is its own. */
import type { ChannelConfig, Reader, StatusPage } from '../core/channel.ts'
import type { SshAccess, Target, Workload } from '../core/target.ts'
import { type ConfigFile, containerOf, type TargetEntry, type WorkloadEntry } from './config.ts'
import type { ChannelEntry } from './config-notify.ts'
import { hostKeyOf } from './config-parts.ts'

export function targetOf(entry: TargetEntry, project: string): Target {
  const { id, zone, instance, health, ssh, workloads, dependsOn } = entry
  const { status, json } = health.expect
  return {
    id,
    project,
    zone,
    instance,
    health: {
      url: health.url,
      expect: { status, ...(json === undefined ? {} : { json }) },
      ...(health.unit === undefined ? {} : { unit: health.unit }),
    },
    ssh: sshOf(ssh, health.url),
    workloads: workloads.map(workloadOf),
    ...(dependsOn === undefined ? {} : { dependsOn }),
  }
}

function sshOf({ host, port, user, privateKey, hostKey }: TargetEntry['ssh'], healthUrl: string): SshAccess {
  return {
    // A URL writes an IPv6 address in brackets; a socket takes it without.
    host: host ?? new URL(healthUrl).hostname.replace(/^\[(.*)\]$/, '$1'),
    port,
    user,
    privateKey,
    hostKey:
      hostKey === 'guest-attributes'
        ? { kind: 'guest-attributes' }
        : { kind: 'pinned', ...hostKeyOf(hostKey) },
  }
}

function workloadOf(entry: WorkloadEntry): Workload {
  const { unit, image, memoryMb, swapMb, health, secrets } = entry
  return {
    unit,
    container: containerOf(entry),
    ...(image === undefined ? {} : { image }),
    ...(memoryMb === undefined ? {} : { memoryMb }),
    ...(swapMb === undefined ? {} : { swapMb }),
    ...(health === undefined ? {} : { health }),
    secrets: secrets.map(({ env, ...use }) => (env === undefined ? use : { ...use, env })),
  }
}

type Section = NonNullable<ChannelEntry[keyof ChannelEntry]>

/** An entry of `notify`; what it leaves open is as for the pages. */
export function channelOf(entry: ChannelEntry, pages: Reader): ChannelConfig {
  const { telegram, slack, discord, webhook } = entry
  if (telegram !== undefined) {
    const { token, chat, users } = telegram
    return { kind: 'telegram', token, chat, users, ...readerOf(telegram, pages) }
  }
  if (slack !== undefined) {
    return { kind: 'slack', token: slack.token, channel: slack.channel, ...readerOf(slack, pages) }
  }
  if (discord !== undefined) return { kind: 'discord', webhook: discord.webhook, ...readerOf(discord, pages) }
  if (webhook !== undefined) {
    return { kind: 'webhook', url: webhook.url, key: webhook.key, ...readerOf(webhook, pages) }
  }
  throw new Error('The schema lets no channel through that is of no kind')
}

function readerOf({ language, timeZone, quiet }: Section, pages: Reader) {
  return {
    language: language ?? pages.language,
    timeZone: timeZone ?? pages.timeZone,
    ...(quiet === undefined ? {} : { quiet }),
  }
}

export function statusPageOf({ title, targets }: NonNullable<ConfigFile['statusPage']>): StatusPage {
  return { title, targets: targets.map(({ target, name }) => ({ id: target, name })) }
}
