import { type PictureKind, pictureKinds } from '../look/uploads.ts'

/** Pixels, from the top left corner. */
export interface Box {
  x: number
  y: number
  w: number
  h: number
}

export interface Size {
  width: number
  height: number
}

/** The most that may be sent, in bytes. */
export const largestFile = 10 * 1024 * 1024

export type PictureFormat = 'jpeg' | 'png' | 'webp' | 'avif'

/** Phones take pictures of 50 million. What cannot be decoded line by line takes 8 (WebP) or 17 bytes of memory a pixel (AVIF). */
export const mostPixels: Record<PictureFormat, number> = { jpeg: 52e6, png: 52e6, webp: 30e6, avif: 16e6 }

/** JPEG, PNG, WebP or AVIF by the first bytes; undefined for anything else. */
export function formatOf(bytes: Buffer): PictureFormat | undefined {
  const text = (from: number, to: number) => bytes.toString('latin1', from, to)
  if (text(0, 3) === '\xff\xd8\xff') return 'jpeg'
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'png'
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'webp'
  // A box of brands: the first, then (after four bytes) those it is compatible with.
  if (text(4, 8) !== 'ftyp') return undefined
  const brands = text(8, Math.min(bytes.readUInt32BE(0), 64))
  return /^(.{4})*?avi[fs]/s.test(brands) ? 'avif' : undefined
}

/** The part of a picture to keep, in its own shape: around the middle of `crop`, as wide as asked and possible; without one, the largest in the middle. */
export function fitCrop(kind: PictureKind, { width, height }: Size, crop: Box = { x: 0, y: 0, w: width, h: height }): Box {
  const { ratio } = pictureKinds[kind]
  const widest = Math.floor(Math.min(width, height * ratio))
  const w = clamp(Math.round(crop.w), 1, widest)
  const h = clamp(Math.round(w / ratio), 1, height)
  const x = Math.round(crop.x + (crop.w - w) / 2)
  const y = Math.round(crop.y + (crop.h - h) / 2)
  return { x: clamp(x, 0, width - w), y: clamp(y, 0, height - h), w, h }
}

/** How a picture of each EXIF orientation is turned upright: quarters clockwise, then mirrored from left to right. */
export const turns: Record<number, { quarters: 0 | 1 | 2 | 3; mirrored: boolean }> = {
  1: { quarters: 0, mirrored: false },
  2: { quarters: 0, mirrored: true },
  3: { quarters: 2, mirrored: false },
  4: { quarters: 2, mirrored: true },
  5: { quarters: 1, mirrored: true },
  6: { quarters: 1, mirrored: false },
  7: { quarters: 3, mirrored: true },
  8: { quarters: 3, mirrored: false },
}

/** Where a box of the upright picture (so large) lies in the file, before it is turned. */
export function toStored({ x, y, w, h }: Box, upright: Size, orientation: number): Box {
  const { quarters, mirrored } = turns[orientation]!
  const { width, height } = upright
  const left = mirrored ? width - x - w : x
  if (quarters === 0) return { x: left, y, w, h }
  if (quarters === 1) return { x: y, y: width - left - w, w: h, h: w }
  if (quarters === 2) return { x: width - left - w, y: height - y - h, w, h }
  return { x: height - y - h, y: left, w: h, h: w }
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value))
}
