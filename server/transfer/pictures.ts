import { uploadName } from '../look/uploads.ts'
import type { Group } from '../schema-types.ts'

export function pictureUrls({ banner, logo, partners }: Pick<Group, 'banner' | 'logo' | 'partners'>): string[] {
  return [banner, logo, ...(partners ?? []).map((partner) => partner.logo)].flatMap((picture) => picture?.url ?? [])
}

/** Which pictures will be here after an import: those that are, and those that come with it. `name` is that of a file below DATA_DIR/uploads. */
export interface PicturesHere {
  publicUrl: string
  has: (name: string) => boolean | Promise<boolean>
}

/** The pictures of a group that this server should serve and cannot. */
export async function missingPictures(group: Group, here: PicturesHere | undefined): Promise<string[]> {
  const missing: string[] = []
  for (const url of here ? pictureUrls(group) : []) {
    const name = uploadName(url, here!.publicUrl)
    if (name !== undefined && !(await here!.has(name))) missing.push(url)
  }
  return missing
}
