import type { Service } from '../../schema-types.ts'

interface Kind {
  service: Service
  /** How a person calls it. */
  label: string
}

/** Where a resource of this type belongs on a group's page; absent for a type the importer does not know. */
export function serviceOf(type: string): Service | undefined {
  return kinds.get(type)?.service
}

/** What a person calls a resource of this type: the name of the network, or what it is. */
export function kindLabel(type: string, url: string): string {
  const { service, label } = kinds.get(type)!
  const host = URL.canParse(url) ? new URL(url).hostname : ''
  const named = service === 'home' ? hosts.find(([ending]) => host === ending || host.endsWith(`.${ending}`))?.[1] : undefined
  const found = named ?? label
  return found === 'Facebook' && url.includes('/groups/') ? 'Facebook group' : found
}

const kinds = new Map<string, Kind>(
  Object.entries({
    'osm-lc': { service: 'home', label: 'Website' },
    url: { service: 'home', label: 'Website' },
    group: { service: 'home', label: 'Website' },
    youthmappers: { service: 'home', label: 'Website' },
    osm: { service: 'home', label: 'Website' },
    mailinglist: { service: 'discussion', label: 'Mailing list' },
    discourse: { service: 'discussion', label: 'Forum' },
    forum: { service: 'discussion', label: 'Forum' },
    reddit: { service: 'discussion', label: 'Reddit' },
    matrix: { service: 'discussion', label: 'Matrix' },
    irc: { service: 'discussion', label: 'IRC' },
    telegram: { service: 'discussion', label: 'Telegram' },
    discord: { service: 'discussion', label: 'Discord' },
    slack: { service: 'discussion', label: 'Slack' },
    signal: { service: 'discussion', label: 'Signal' },
    whatsapp: { service: 'discussion', label: 'WhatsApp' },
    xmpp: { service: 'discussion', label: 'XMPP' },
    zulip: { service: 'discussion', label: 'Zulip' },
    facebook: { service: 'news', label: 'Facebook' },
    twitter: { service: 'news', label: 'X' },
    x: { service: 'news', label: 'X' },
    mastodon: { service: 'news', label: 'Mastodon' },
    fediverse: { service: 'news', label: 'Fediverse' },
    bluesky: { service: 'news', label: 'Bluesky' },
    threads: { service: 'news', label: 'Threads' },
    instagram: { service: 'news', label: 'Instagram' },
    linkedin: { service: 'news', label: 'LinkedIn' },
    tiktok: { service: 'news', label: 'TikTok' },
    newsletter: { service: 'news', label: 'Newsletter' },
    meetup: { service: 'meetings', label: 'Meetup' },
    github: { service: 'projects', label: 'GitHub' },
    gitlab: { service: 'projects', label: 'GitLab' },
    wiki: { service: 'resources', label: 'Wiki' },
    youtube: { service: 'resources', label: 'YouTube' },
    aparat: { service: 'resources', label: 'Aparat' },
  } satisfies Record<string, Kind>),
)

/** A "website" is often a page on somebody else's. */
const hosts: [string, string][] = [
  ['facebook.com', 'Facebook'],
  ['twitter.com', 'X'],
  ['t.me', 'Telegram'],
  ['whatsapp.com', 'WhatsApp'],
  ['twitch.tv', 'Twitch'],
  ['eventbrite.com', 'Eventbrite'],
  ['wiki.openstreetmap.org', 'Wiki'],
]
