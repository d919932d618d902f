/**
 * What Podman 5.4 prints for `container inspect` and `secret inspect`, with the fields around those that the
 * guard reads, so that its parsers meet realistic text. Field names: libpod/define/container_inspect.go.
 */
import type { Container } from './container.ts'
import type { ContainerHealthOptions } from './options.ts'
import type { StoredSecret } from './secret-store.ts'
import type { Workload } from './workload.ts'

const ZERO_TIME = '0001-01-01T00:00:00Z'
const DEFAULT_IMAGE = 'localhost/agent:stable'

/** Go's RFC 3339 with nanoseconds. */
function goTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '481516Z')
}

/** A JSON array, indented by five blanks as Podman does for containers. */
export function containersOutput(running: readonly (readonly [Workload, Container])[]): string {
  return `${JSON.stringify(
    running.map(([workload, container]) => inspectContainer(workload, container)),
    null,
    5,
  )}\n`
}

/** What CONTAINER_TEMPLATE makes of them: a line of JSON each, of the fields that it names. */
export function describedOutput(running: readonly (readonly [Workload, Container])[]): string {
  return running.map(([workload, container]) => `${JSON.stringify(describe(workload, container))}\n`).join('')
}

function describe(workload: Workload, container: Container): Record<string, unknown> {
  const { health } = container
  return {
    name: workload.container,
    id: container.id,
    image: workload.options.image ?? DEFAULT_IMAGE,
    status: 'running',
    running: true,
    oomKilled: false,
    exitCode: 0,
    error: '',
    startedAt: goTime(container.startedAt),
    finishedAt: ZERO_TIME,
    health: health?.status ?? null,
    failingStreak: health?.failingStreak ?? null,
    restarts: 0,
    memoryBytes: (workload.options.memoryMb ?? 0) * 1_048_576,
    memorySwapBytes: 0,
    memoryReservationBytes: 0,
  }
}

function inspectContainer(workload: Workload, container: Container): Record<string, unknown> {
  const { id, startedAt } = container
  const image = workload.options.image ?? DEFAULT_IMAGE
  const run = `/run/containers/storage/overlay-containers/${id}/userdata`
  const library = `/var/lib/containers/storage/overlay-containers/${id}/userdata`
  return {
    Id: id,
    Created: goTime(startedAt),
    Path: '/app/agent',
    Args: [...(workload.options.arguments ?? [])],
    State: stateOf(container),
    Image: '02b3df058b3b38a2e6f8bfa3a84b99e49eb2483b60dac408247698350a0c3104',
    ImageDigest: 'sha256:1f4f963ed2a77ace394b154ca15431b6de714bfee42c04d740083a50d8755a36',
    ImageName: image,
    Rootfs: '',
    Pod: '',
    ResolvConfPath: `${run}/resolv.conf`,
    HostnamePath: `${run}/hostname`,
    HostsPath: `${run}/hosts`,
    StaticDir: library,
    OCIConfigPath: `${library}/config.json`,
    OCIRuntime: 'crun',
    ConmonPidFile: `${run}/conmon.pid`,
    PidFile: `${run}/pidfile`,
    Name: workload.container,
    RestartCount: 0,
    Driver: 'overlay',
    MountLabel: '',
    ProcessLabel: '',
    AppArmorProfile: 'containers-default-0.62.2',
    EffectiveCaps: ['CAP_CHOWN', 'CAP_KILL', 'CAP_NET_BIND_SERVICE', 'CAP_SETGID', 'CAP_SETUID'],
    BoundingCaps: ['CAP_CHOWN', 'CAP_KILL', 'CAP_NET_BIND_SERVICE', 'CAP_SETGID', 'CAP_SETUID'],
    ExecIDs: [],
    Mounts: [],
    Dependencies: [],
    NetworkSettings: networkOf(id),
    Namespace: '',
    IsInfra: false,
    IsService: false,
    KubeExitCodePropagation: 'invalid',
    lockNumber: 0,
    Config: configOf(workload, { id, image }),
    HostConfig: hostConfigOf(workload),
    UseImageHosts: false,
    UseImageHostname: false,
  }
}

function stateOf(container: Container): Record<string, unknown> {
  const { health } = container
  return {
    OciVersion: '1.2.0',
    Status: 'running',
    Running: true,
    Paused: false,
    Restarting: false,
    OOMKilled: false,
    Dead: false,
    Pid: container.pid,
    ConmonPid: container.pid - 2,
    ExitCode: 0,
    Error: '',
    StartedAt: goTime(container.startedAt),
    FinishedAt: ZERO_TIME,
    ...(health === undefined
      ? {}
      : {
          Health: {
            Status: health.status,
            FailingStreak: health.failingStreak,
            Log: health.log.map((entry) => ({
              Start: goTime(entry.at),
              End: goTime(entry.at + 30),
              ExitCode: entry.exitCode,
              Output: entry.output,
            })),
          },
        }),
    CgroupPath: `/machine.slice/libpod-${container.id}.scope`,
    CheckpointedAt: ZERO_TIME,
    RestoredAt: ZERO_TIME,
  }
}

function networkOf(id: string): Record<string, unknown> {
  const address = {
    EndpointID: '',
    Gateway: '10.88.0.1',
    IPAddress: '10.88.0.8',
    IPPrefixLen: 16,
    IPv6Gateway: '',
    GlobalIPv6Address: '',
    GlobalIPv6PrefixLen: 0,
    MacAddress: '62:c3:4c:66:23:d3',
  }
  return {
    ...address,
    Bridge: '',
    SandboxID: '',
    HairpinMode: false,
    LinkLocalIPv6Address: '',
    LinkLocalIPv6PrefixLen: 0,
    Ports: { '8080/tcp': [{ HostIp: '0.0.0.0', HostPort: '8080' }] },
    SandboxKey: '/run/netns/netns-802a14fb-7d36-bf94-60d9-ec07a6bf9560',
    Networks: { podman: { ...address, NetworkID: 'podman', Aliases: [id.slice(0, 12)] } },
  }
}

function configOf(workload: Workload, { id, image }: { id: string; image: string }): Record<string, unknown> {
  const uses = workload.options.secrets ?? []
  const { health, unit } = workload.options
  return {
    Hostname: id.slice(0, 12),
    Domainname: '',
    User: '',
    Tty: false,
    // Podman hides the values of secrets in the environment since 5.3.
    Env: [
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'container=podman',
      ...uses.filter((use) => use.type === 'env').map((use) => `${use.env ?? use.name}=*******`),
      ...Object.entries(workload.options.environment ?? {}).map(([name, value]) => `${name}=${value}`),
    ],
    Cmd: ['/app/agent', ...(workload.options.arguments ?? [])],
    Image: image,
    Volumes: null,
    WorkingDir: '/app',
    Entrypoint: null,
    OnBuild: null,
    Labels: { PODMAN_SYSTEMD_UNIT: unit },
    Annotations: {
      'io.container.manager': 'libpod',
      'io.podman.annotations.autoremove': 'TRUE',
      'org.opencontainers.image.stopSignal': '15',
    },
    StopSignal: 'SIGTERM',
    ...healthcheckOf(health),
    HealthcheckOnFailureAction: health === undefined ? 'none' : 'kill',
    HealthLogDestination: 'local',
    HealthcheckMaxLogCount: 5,
    HealthcheckMaxLogSize: 500,
    Umask: '0022',
    Secrets: uses
      .filter((use) => use.type === 'mount')
      .map((use) => ({ Name: use.name, UID: 0, GID: 0, Mode: 292 })),
    Timeout: 0,
    StopTimeout: 10,
    Passwd: true,
    sdNotifyMode: 'conmon',
    sdNotifySocket: '/run/systemd/notify',
  }
}

function healthcheckOf(health: ContainerHealthOptions | undefined): Record<string, unknown> {
  if (health === undefined) return {}
  return {
    Healthcheck: {
      Test: ['CMD-SHELL', '/app/health'],
      // Go's durations are nanoseconds.
      Interval: health.intervalMs * 1_000_000,
      Timeout: 30_000_000_000,
      Retries: health.retries,
    },
  }
}

function hostConfigOf(workload: Workload): Record<string, unknown> {
  return {
    Binds: [],
    CgroupManager: 'systemd',
    CgroupMode: 'private',
    LogConfig: { Type: 'journald', Config: null, Path: '', Tag: '', Size: '0B' },
    NetworkMode: 'bridge',
    RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
    AutoRemove: true,
    AutoRemoveImage: false,
    Memory: (workload.options.memoryMb ?? 0) * 1_048_576,
    MemorySwap: 0,
    PidsLimit: 2048,
    Ulimits: [],
    Runtime: 'oci',
  }
}

/** A JSON array, indented by four blanks as Podman does for secrets; never a value. */
export function secretsOutput(secrets: readonly StoredSecret[]): string {
  return `${JSON.stringify(
    secrets.map((secret) => ({
      ID: secret.id,
      CreatedAt: goTime(secret.createdAt),
      UpdatedAt: goTime(secret.createdAt),
      Spec: {
        Name: secret.name,
        Driver: { Name: 'file', Options: { path: '/var/lib/containers/storage/secrets/filedriver' } },
        Labels: secret.labels,
      },
    })),
    null,
    4,
  )}\n`
}
