import type { Multipart, MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { AppError, badRequest, type Fault } from '../errors.ts'
import { type Box, largestFile } from './rules.ts'

/** What the form of a picture sent, and what is wrong with it. */
export interface PictureForm {
  alt: string
  crop?: Box
  /** Undefined when no file was chosen. */
  file?: Buffer
  faults: Fault[]
}

const longestAlt = 300
/** What the plugin that reads such forms is registered with: a file too large is cut, and the rest of the form read. */
export const readingOptions = {
  throwFileSizeLimit: false,
  limits: { files: 1, fileSize: largestFile, fields: 8, fieldSize: 4000, fieldNameSize: 40, parts: 10, headerPairs: 20 },
}

/** Reads a multipart form to its end, so that what was typed after a file that is too large is known too. */
export async function readPictureForm(request: FastifyRequest): Promise<PictureForm> {
  if (!request.isMultipart()) throw new AppError('wrongType')
  const form: PictureForm = { alt: '', faults: [] }
  const numbers: Partial<Record<string, number>> = {}
  try {
    for await (const part of request.parts()) await readPart(part, form, numbers)
  } catch (error) {
    throw asTold(error, form)
  }
  const { x = Number.NaN, y = Number.NaN, w = Number.NaN, h = w } = numbers
  if ([x, y, w, h].every(Number.isFinite)) form.crop = { x, y, w, h }
  if (form.alt.length > longestAlt) form.faults.push({ field: 'alt', message: { key: 'error.field.maxLength', values: { limit: longestAlt } } })
  return form
}

async function readPart(part: Multipart, form: PictureForm, numbers: Partial<Record<string, number>>): Promise<void> {
  if (part.type === 'file') await readFile(part, form)
  else if (part.fieldname === 'alt') form.alt = String(part.value).normalize('NFC').replace(/\s+/g, ' ').trim()
  else if (!/^[xywh]$/.test(part.fieldname)) form.faults.push(unknownField(part.fieldname))
  else if (part.value !== '') numbers[part.fieldname] = Number(part.value)
}

async function readFile(part: MultipartFile, form: PictureForm): Promise<void> {
  if (part.fieldname !== 'file') form.faults.push(unknownField(part.fieldname))
  const bytes = await part.toBuffer()
  if (part.file.truncated) form.faults.push({ field: 'file', message: { key: 'picture.refused.large', values: { most: largestFile / 1024 / 1024 } } })
  // A browser sends a file without a name where none was chosen.
  else if (bytes.length > 0 || part.filename) form.file = bytes
}

function unknownField(name: string): Fault {
  return { field: name.slice(0, 40), message: { key: 'error.field.unknown', values: { name: name.slice(0, 40) } } }
}

/** Two files are the form's fault; so is what cannot be read and has no status of its own. */
function asTold(error: unknown, form: PictureForm): unknown {
  const { code, statusCode } = error as { code?: string; statusCode?: number }
  if (code === 'FST_FILES_LIMIT') return badRequest([...form.faults, { field: 'file', message: { key: 'picture.refused.two' } }])
  return statusCode ? error : badRequest({ key: 'picture.refused.form' })
}
