/** The bodies of Compute's answers about an instance, field for field as v1 words them. */
import type { Instance } from './compute-instance.ts'

const SERIAL_KEPT_BYTES = 1024 * 1024

export function instanceBody(instance: Instance, externalAddress: string | undefined): unknown {
  const { machine, links } = instance
  const { instanceId, internalAddress } = instance.identity()
  const natIP = externalAddress === undefined ? {} : { natIP: externalAddress }
  return {
    kind: 'compute#instance',
    id: instanceId,
    name: machine.name,
    zone: links.zoneLink,
    machineType: `${links.zoneLink}/machineTypes/e2-micro`,
    status: instance.status(),
    networkInterfaces: [
      {
        kind: 'compute#networkInterface',
        name: 'nic0',
        networkIP: internalAddress,
        accessConfigs: [
          { kind: 'compute#accessConfig', name: 'External NAT', type: 'ONE_TO_ONE_NAT', ...natIP },
        ],
      },
    ],
    metadata: {
      kind: 'compute#metadata',
      fingerprint: 'AAAAAAAAAAA=',
      items: [{ key: 'enable-guest-attributes', value: 'TRUE' }],
    },
    scheduling: { automaticRestart: true, onHostMaintenance: 'MIGRATE', provisioningModel: 'STANDARD' },
    selfLink: links.selfLink,
  }
}

/** A negative `start` counts from the end; one that is no longer kept is moved to the oldest byte kept. */
export function serialBody(serial: string, start: string | null, selfLink: string): unknown {
  const bytes = Buffer.from(serial, 'utf8')
  const oldest = Math.max(0, bytes.length - SERIAL_KEPT_BYTES)
  const asked = Number(start ?? '0')
  const from = asked < 0 ? Math.max(oldest, bytes.length + asked) : Math.max(oldest, asked)
  const contents = bytes.subarray(from)
  return {
    kind: 'compute#serialPortOutput',
    contents: contents.toString('utf8'),
    start: String(from),
    next: String(from + contents.length),
    selfLink: `${selfLink}/serialPort`,
  }
}

/** `namespace/`, `namespace` or `namespace/key`; undefined when nothing is there. */
export function guestAttributesBody(
  attributes: ReadonlyMap<string, string>,
  queryPath: string,
  selfLink: string,
): unknown {
  const [namespace, key] = queryPath.split('/')
  const items = [...attributes].flatMap(([path, value]) => {
    const [ofNamespace = '', ofKey = ''] = path.split('/')
    const wanted = ofNamespace === namespace && (key === undefined || key === '' || key === ofKey)
    return wanted ? [{ namespace: ofNamespace, key: ofKey, value }] : []
  })
  if (items.length === 0) return undefined
  return {
    kind: 'compute#guestAttributes',
    queryPath,
    queryValue: { items },
    selfLink: `${selfLink}/getGuestAttributes/${queryPath}`,
  }
}
