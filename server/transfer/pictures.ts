import type { Group } from '../schema-types.ts'

export function pictureUrls({ banner, logo, partners }: Pick<Group, 'banner' | 'logo' | 'partners'>): string[] {
  return [banner, logo, ...(partners ?? []).map((partner) => partner.logo)].flatMap((picture) => picture?.url ?? [])
}
