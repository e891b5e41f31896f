/**
 * A web address as one site is known by: without scheme, `www.`, port of the scheme, trailing slash, tracking parameters and the ends that mean
 * "the front page", in French or English. The path counts on every host: one host may serve many groups. Undefined for anything but http and https.
 */
export function normaliseAddress(address: string): string | undefined {
  const url = URL.parse(address)
  if (!url || !/^https?:$/.test(url.protocol)) return undefined
  const path = url.pathname.replace(/\/+$/, '').replace(frontPage, '')
  for (const name of [...url.searchParams.keys()]) if (tracker.test(name)) url.searchParams.delete(name)
  url.searchParams.sort()
  const query = url.searchParams.toString()
  const place = /^#[!/]/.test(url.hash) ? url.hash : ''
  return url.host.replace(/^www\./, '') + path + (query && `?${query}`) + place
}

const frontPage = /(\/(fr|en))?\/(index\.(html?|php)|accueil|home|fr|en)$/i
const tracker = /^(utm_\w+|fbclid|gclid|mc_\w+)$/
