import { createCatalogue } from '../../server/catalogue/catalogue.ts'
import type { Db } from '../../server/db/tables.ts'
import { loadTranslations, translator } from '../../server/text/translate.ts'
import { exportText } from '../../server/transfer/export.ts'
import type { FileReport } from '../../server/transfer/file-report.ts'
import type { Format } from '../../server/transfer/format/formats.ts'
import { type FileImport, importFile } from '../../server/transfer/import-file.ts'
import { now, publicUrl } from '../helper.ts'
import { joined, pieces } from './records.ts'

export const en = translator(loadTranslations(`${import.meta.dirname}/../../views/locale`), 'en')

/** What an export of this database holds. */
export async function take(db: Db, format: Format, choice: { keyword?: string; private?: boolean; server?: string } = {}): Promise<string> {
  const config = { publicUrl: choice.server ?? publicUrl }
  return joined(await exportText({ db, catalogue: createCatalogue(), config }, { format, ...choice }))
}

/** Imports a text into this database, at `now` unless told otherwise. */
export async function bring(db: Db, format: Format, text: string, more: Partial<FileImport> = {}): Promise<FileReport> {
  return importFile(db, { file: 'test', format, text: pieces(text), publicUrl, at: now, t: en, ...more })
}

/** Lines of NDJSON. */
export function lines(...records: object[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('')
}
