import { join } from 'node:path'
import type { Picture } from '../schema-types.ts'
import * as urls from '../urls.ts'

export type PictureKind = 'banner' | 'logo'

/** Its shape, the widths it is made in, and the smallest crop that is worth showing, in pixels. */
export const pictureKinds: Record<PictureKind, { ratio: number; widths: number[]; least: number }> = {
  banner: { ratio: 12, widths: [480, 960, 1920], least: 480 },
  logo: { ratio: 1, widths: [128, 256, 512], least: 64 },
}

/** A picture as pages show it: every form and width of it that is kept here. */
export interface PictureView {
  url: string
  alt: string
  width: number
  height: number
  /** The best compressed first; empty for a picture of which one file is kept. */
  sources: { type: string; srcset: string }[]
  /** `srcset` of the form that every browser reads. */
  srcset: string | undefined
  sizes: string
}

/** Where pictures are kept. */
export function uploadsFolder({ dataDir }: { dataDir: string }): string {
  return join(dataDir, 'uploads')
}

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

/** The widths in which a picture so wide is kept, the smallest first. */
export function widthsOf(kind: PictureKind, width: number): number[] {
  return [...pictureKinds[kind].widths.filter((one) => one < width), width]
}

/** The files that belong together, by the name of the one that a record tells. A picture that was not made here is alone. */
export function uploadFiles(name: string): string[] {
  const made = readMade(name)
  if (!made) return name ? [name] : []
  return ['avif', 'webp', made.ending].flatMap((ending) => filesOf(made, ending).map(({ file }) => file))
}

/** Nothing for a picture elsewhere: no reader is sent to a third party. `sizes` says how wide it is shown, as in HTML. */
export function toPictureView(picture: Picture | undefined, publicUrl: string, sizes: string): PictureView | undefined {
  const name = picture && uploadName(picture.url, publicUrl)
  if (!name) return undefined
  const { alt, width, height } = picture
  const made = readMade(name)
  const srcset = (ending: string) =>
    made &&
    filesOf(made, ending)
      .map(({ file, width }) => `${urls.upload(file)} ${width}w`)
      .join(', ')
  const sources = made ? ['avif', 'webp'].map((ending) => ({ type: `image/${ending}`, srcset: srcset(ending)! })) : []
  return { url: urls.upload(name), alt, width, height, sources, srcset: made && srcset(made.ending), sizes }
}

interface Made {
  /** The folder, named after the content. */
  id: string
  kind: PictureKind
  width: number
  ending: string
}

/** `<id>/banner-1920.jpg`: what was made by us says by its name what stands beside it. */
function readMade(name: string): Made | undefined {
  const [, id, kind, width, ending] = /^([0-9a-f]{32})\/(banner|logo)-(\d{2,4})\.(jpg|png)$/.exec(name) ?? []
  return id && kind && width && ending ? { id, kind: kind as PictureKind, width: Number(width), ending } : undefined
}

function filesOf({ id, kind, width }: Made, ending: string): { file: string; width: number }[] {
  return widthsOf(kind, width).map((one) => ({ file: `${id}/${kind}-${one}.${ending}`, width: one }))
}
