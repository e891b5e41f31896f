import type { Link, Service } from '../../schema-types.ts'
import type { Resource } from './resource.ts'
import { kindLabel, serviceOf } from './services.ts'

const most = 60
const shown: Service[] = ['home', 'news', 'meetings', 'discussion', 'projects', 'resources', 'subscribe']

/**
 * The addresses of a community, by service, in the order of `resources`; each address once a service; labels tell apart several of one kind.
 * `mailto:` is left out: in this index it is nearly always one person's mailbox.
 */
export function toLinks(resources: Resource[]): Link[] {
  const links = distinct(resources.flatMap(linksOf))
  const inOrder = shown.flatMap((service) => links.filter((link) => link.service === service))
  return inOrder.slice(0, most).map(({ service, url, label, detail }) => {
    const alike = inOrder.filter((one) => one.service === service && one.label === label).length > 1
    return { service, url, label: alike && detail ? `${label} (${detail})` : label }
  })
}

/** Whether the resource gives any well-formed address, even one that is not kept. */
export function hasAddress({ url, signupUrl }: Resource): boolean {
  return [url, signupUrl].some((one) => one !== undefined && (toAddress(one) !== undefined || isMailbox(one)))
}

/** Whether all that the resource gives is a mailbox. */
export function isOnlyMailbox({ url, signupUrl }: Resource): boolean {
  return url !== undefined && isMailbox(url) && !(signupUrl && toAddress(signupUrl))
}

/** "OpenStreetMap Croatia Tasking Manager" → "Tasking Manager"; otherwise what it is. */
export function labelOf({ type, name, community }: Resource, url: string): string {
  const own = type === 'url' && community && name.startsWith(`${community} `) ? name.slice(community.length + 1) : undefined
  return (own ?? kindLabel(type, url)).slice(0, 120)
}

interface DetailedLink extends Link {
  label: string
  detail?: string
}

function linksOf(resource: Resource): DetailedLink[] {
  const url = resource.url && toAddress(resource.url)
  const signup = resource.signupUrl && toAddress(resource.signupUrl)
  const label = labelOf(resource, url || signup || '')
  const detail = detailOf(resource)
  return [
    ...(url ? [{ service: serviceOf(resource.type)!, url, label, detail }] : []),
    ...(signup && signup !== url
      ? [{ service: 'subscribe' as const, url: signup, label: serviceOf(resource.type) === 'home' ? 'Sign-up' : label, detail }]
      : []),
  ]
}

/** The account, or the end of the address if a person could read it. */
function detailOf({ account, url = '' }: Resource): string | undefined {
  const readable = (account ?? url.split(/[?#]/)[0]?.split('/').filter(Boolean).at(-1))?.replace(/^[#@]+/, '')
  return readable && /\p{L}/u.test(readable) && !/[%!]/.test(readable) && readable.length <= 40 ? readable : undefined
}

function distinct(links: DetailedLink[]): DetailedLink[] {
  const seen = new Set<string>()
  return links.filter(({ service, url }) => {
    const key = `${service} ${url.replace(/\/$/, '').toLowerCase()}`
    return !seen.has(key) && seen.add(key)
  })
}

/** The address with its scheme in lower case, if schemas/common.json would take it. */
function toAddress(text: string): string | undefined {
  const url = text.trim().replace(/^[A-Za-z]+:/, (scheme) => scheme.toLowerCase())
  const accepted = /^(https?:\/\/[^\s/?#@]+([/?#]\S*)?|xmpp:\S+|matrix:\S+|ircs?:\/\/\S+)$/.test(url)
  return accepted && url.length <= 2000 && URL.canParse(url) ? url.toWellFormed() : undefined
}

function isMailbox(url: string): boolean {
  return /^mailto:[^\s@]+@[^\s@]+$/i.test(url.trim())
}
