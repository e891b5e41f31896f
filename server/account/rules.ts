import { domainToASCII } from 'node:url'

const longestAddress = 254
export const longestName = 80

/** A mail address in the one way it is kept: in lower case, its host in ASCII. Undefined when it cannot be one. */
export function readAddress(text: string): string | undefined {
  const address = text.trim().normalize('NFC').toLowerCase()
  const at = address.lastIndexOf('@')
  const local = address.slice(0, Math.max(0, at))
  const host = domainToASCII(address.slice(at + 1))
  const whole = `${local}@${host}`
  const right = isLocalPart(local) && isHost(host) && whole.length <= longestAddress
  return right ? whole : undefined
}

/** The name that somebody chose to show: one line, and never a mail address, for it stays in the history of records. */
export function readName(text: string): { name?: string; wrong?: 'long' | 'line' | 'address' } {
  const name = text.trim().normalize('NFC')
  if (name.length > longestName) return { wrong: 'long' }
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(name)) return { wrong: 'line' }
  return name.split(/\s/).some((word) => readAddress(word)) ? { wrong: 'address' } : { name }
}

/** « Firefox · Linux », out of what a browser says of itself. */
export function describeAgent(agent = ''): string | undefined {
  const first = (names: Record<string, RegExp>) => Object.keys(names).find((name) => names[name]!.test(agent))
  return [first(browsers), first(systems)].filter(Boolean).join(' · ') || undefined
}

// In this order: most browsers also say the names of those they descend from.
const browsers = {
  Edge: /\bEdgA?\//,
  Opera: /\bOPR\//,
  'Samsung Internet': /\bSamsungBrowser\//,
  Firefox: /\b(Firefox|FxiOS)\//,
  Chrome: /\b(Chrome|Chromium|CriOS)\//,
  Safari: /\bSafari\//,
}
const systems = {
  Android: /\bAndroid\b/,
  iOS: /\b(iPhone|iPad)\b/,
  Windows: /\bWindows\b/,
  macOS: /\bMac OS X\b/,
  ChromeOS: /\bCrOS\b/,
  Linux: /\bLinux\b/,
}

function isLocalPart(local: string): boolean {
  return /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u.test(local) && Buffer.byteLength(local) <= 64
}

function isHost(host: string): boolean {
  return /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/.test(host)
}
