import type { GroupRow } from '../db/tables.ts'
import type { Fault } from '../errors.ts'
import { languageOf } from '../group/present.ts'
import { toGroup } from '../group/row.ts'
import { type PictureKind, type PictureView, pictureKinds, toPictureView } from '../look/uploads.ts'
import * as urls from '../urls.ts'
import { largestFile } from './rules.ts'

/** One of the two forms of the page of pictures. */
export interface PictureFormView {
  kind: PictureKind
  action: string
  removeUrl: string
  current: PictureView | undefined
  /** There is one; if it is not the current one, it is on another site. */
  shown: boolean
  alt: string
  ratio: number
  /** The narrowest crop, and the widest picture made of it, in pixels. */
  least: number
  widest: number
  /** The first sentence at the file and at the words, already said. */
  fileFault: string | undefined
  altFault: string | undefined
}

export interface PicturesView {
  group: { name: string; lang: string; dir: 'ltr' | 'rtl'; url: string }
  /** In mebibytes. */
  most: number
  forms: PictureFormView[]
  saved: PictureKind | undefined
  /** Every fault, for the summary: the input's id, and its sentence. */
  faults: { id: string; message: string }[]
}

/** What was sent of one picture and could not be taken. */
export interface Sent {
  kind: PictureKind
  alt: string
  faults: Fault[]
}

const sizes: Record<PictureKind, string> = { banner: '(min-width: 1240px) 1208px, 100vw', logo: '128px' }

/** The page where a group's banner and logo are chosen; `say` puts a message into the reader's language. */
export function toPicturesView(
  row: GroupRow,
  { publicUrl, say, saved, sent }: { publicUrl: string; say: (fault: Fault) => string; saved?: PictureKind; sent?: Sent },
): PicturesView {
  const { banner, logo, languages } = toGroup(row)
  const forms: PictureFormView[] = (['banner', 'logo'] as const).map((kind) => {
    const mine = sent?.kind === kind ? sent : undefined
    const picture = { banner, logo }[kind]
    const first = (field: string) => mine?.faults.filter((fault) => fault.field === field).map(say)[0]
    return {
      kind,
      action: urls.groupPictures(row.short_name, kind),
      removeUrl: urls.groupPictures(row.short_name, kind, 'remove'),
      current: toPictureView(picture, publicUrl, sizes[kind]),
      shown: picture !== undefined,
      alt: mine?.alt ?? picture?.alt ?? '',
      ratio: pictureKinds[kind].ratio,
      least: pictureKinds[kind].least,
      widest: pictureKinds[kind].widths.at(-1)!,
      fileFault: first('file'),
      altFault: first('alt'),
    }
  })
  return {
    group: { name: row.name, ...languageOf(languages), url: urls.group(row.short_name) },
    most: largestFile / 1024 / 1024,
    forms,
    saved,
    faults: (sent?.faults ?? []).map((fault) => ({ id: `${sent!.kind}-${fault.field === 'alt' ? 'alt' : 'file'}`, message: say(fault) })),
  }
}
