import type { Group } from '../schema-types.ts'

/** A picture kept by this server: the name of its file below DATA_DIR/uploads. Undefined for pictures elsewhere and for names that are not plain. */
export function uploadName(url: string, publicUrl: string): string | undefined {
  const path = url.startsWith(publicUrl) ? url.slice(publicUrl.length) : url
  const name = path.startsWith('/uploads/') ? path.slice('/uploads/'.length) : ''
  return isUploadName(name) ? name : undefined
}

/** Letters, digits, hyphens and single dots, in at most four folders, ending as a picture does. */
export function isUploadName(name: string): boolean {
  return name.length <= 200 && /^([A-Za-z0-9_-]+\/){0,4}[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.(jpe?g|png|webp|avif)$/.test(name)
}

export function pictureUrls({ banner, logo, partners }: Pick<Group, 'banner' | 'logo' | 'partners'>): string[] {
  return [banner, logo, ...(partners ?? []).map((partner) => partner.logo)].flatMap((picture) => picture?.url ?? [])
}
