/**
 * Which addresses the guard may ask for health: never itself, its own link or the metadata server. Every name is
 * looked up once and connected to as it was looked up, so a name can't answer differently the second time.
 */
import { type LookupAddress, lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

export type AddressRule = 'no-loopback' | 'loopback-too'

/** The code of the error that a forbidden address gives. */
export const FORBIDDEN_ADDRESS = 'ERR_FORBIDDEN_ADDRESS'

export class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError'
  readonly code = FORBIDDEN_ADDRESS

  constructor(address: string) {
    super(`${address} is a loopback, link-local, unspecified or multicast address`)
  }
}

type Subnet = readonly [network: string, prefix: number]

const LOOPBACK: readonly Subnet[] = [
  ['127.0.0.0', 8],
  ['::1', 128],
]
const NEVER: readonly Subnet[] = [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 4],
  ['255.255.255.255', 32],
  ['fe80::', 10],
  ['ff00::', 8],
  /** The unspecified address, and IPv4 in IPv6's deprecated and translated forms; BlockList unwraps `::ffff:`. */
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  /** 6to4 and Teredo: IPv4 inside IPv6, and behind relays that nobody runs any more. */
  ['2002::', 16],
  ['2001::', 32],
  /** Google Cloud's metadata server over IPv6. */
  ['fd20:ce::254', 128],
]

const neverAllowed = blockList(NEVER)
const loopback = blockList(LOOPBACK)

function blockList(subnets: readonly Subnet[]): BlockList {
  const list = new BlockList()
  for (const [network, prefix] of subnets)
    list.addSubnet(network, prefix, network.includes(':') ? 'ipv6' : 'ipv4')
  return list
}

/** `address` is an IP address, with or without a zone. */
export function isForbidden(address: string, rule: AddressRule): boolean {
  const [plain = ''] = address.split('%')
  const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4'
  if (loopback.check(plain, family)) return rule === 'no-loopback'
  return neverAllowed.check(plain, family)
}

/** The host of a URL when it is an address that is forbidden; names are only known once they are looked up. */
export function forbiddenHostOf(url: string, rule: AddressRule): string | undefined {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  return isIP(host) !== 0 && isForbidden(host, rule) ? host : undefined
}

/** As `dns.lookup`, but fails when any of the addresses is forbidden. */
export function guardedLookup(rule: AddressRule): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, [])
      const forbidden = addresses.find(({ address }) => isForbidden(address, rule))
      if (forbidden) return callback(new ForbiddenAddressError(`${hostname} (${forbidden.address})`), [])
      const [first] = addresses as [LookupAddress, ...LookupAddress[]]
      if (options.all) return callback(null, addresses)
      callback(null, first.address, first.family)
    })
  }
}
